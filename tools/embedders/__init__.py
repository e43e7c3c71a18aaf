"""Who sees faces and tells them apart: one row and one folder for each kind of picture.

Knows pictures, faces and the face cache; must not know characters, sets or thresholds.
"""
