"""Identity and quality checks: faces, CSFD, calibration, gate, verdicts, copies, who is who."""
