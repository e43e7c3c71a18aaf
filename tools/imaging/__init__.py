"""Pictures as pixels: load, save, crop, sheets, plots. Knows no character and no model."""
