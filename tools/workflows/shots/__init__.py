"""Shots and takes: planned, drawn, judged, picked, rejected, explained."""
