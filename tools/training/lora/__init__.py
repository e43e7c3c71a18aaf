"""LoRA training on a diffusers pipeline: `loop.train_lora` is the way in."""
