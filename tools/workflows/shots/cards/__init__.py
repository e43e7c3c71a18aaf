"""Shots and takes in plain lines: before they are drawn and after."""
