"""Faces of photographs by dlib's detectors and DeepFace's models."""
