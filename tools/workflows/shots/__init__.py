"""Shots: planned, shown as cards, drawn, judged, decided on, and compared with the base alone."""
