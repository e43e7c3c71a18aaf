"""What leaves the studio: checked takes with report and manifest, and bundles."""
