"""LoRA versions: training them and choosing which one draws."""
