"""Drawing and training with diffusers on this machine."""
