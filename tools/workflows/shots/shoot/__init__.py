"""Draw stored shots: who, with what adapter and seed, the exact request, the tries."""
