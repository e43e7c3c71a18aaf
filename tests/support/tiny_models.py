"""Random models of the real architecture classes, small enough to draw in milliseconds.

Each builder saves a complete diffusers folder (tokenizers too) without network; the same call
gives the same weights. They know shapes, not pictures: what they draw means nothing.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderKLFlux2,
    DPMSolverMultistepScheduler,
    DPMSolverSDEScheduler,
    FlowMatchEulerDiscreteScheduler,
    Flux2KleinPipeline,
    Flux2Transformer2DModel,
    FluxPipeline,
    FluxTransformer2DModel,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    Dinov2Config,
    Dinov2Model,
    Qwen2Tokenizer,
    Qwen3Config,
    Qwen3ForCausalLM,
    T5Config,
    T5EncoderModel,
    T5Tokenizer,
)

SHIPPED = Path(__file__).parents[2] / "tools" / "backends" / "maquette"
START, END = "<|startoftext|>", "<|endoftext|>"
TEXT_WIDTH = 32
QWEN_FRAME = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def build_tiny_sdxl(folder: Path) -> Path:
    """Save a random SDXL pipeline (f8, epsilon prediction, DPM++ SDE); draws from 64×64."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        pipeline = StableDiffusionXLPipeline(
            vae=_autoencoder((8, 8, 8, 8), latent_channels=4, scaling_factor=0.13025),
            unet=unet((16, 32), layers=(1, 2), sample_size=8, time_width=8),
            scheduler=DPMSolverSDEScheduler(
                beta_start=0.00085,
                beta_end=0.012,
                beta_schedule="scaled_linear",
                use_karras_sigmas=True,
            ),
            tokenizer=byte_tokenizer(),
            tokenizer_2=byte_tokenizer(),
            text_encoder=CLIPTextModel(text_config(514)).eval(),
            text_encoder_2=CLIPTextModelWithProjection(text_config(514)).eval(),
            force_zeros_for_empty_prompt=True,
            add_watermarker=False,
        )
    pipeline.save_pretrained(folder)
    return folder


def build_tiny_flux(folder: Path, *, guidance_embeds: bool = False) -> Path:
    """Save a random Flux pipeline; draws from 64×64.

    Args:
        folder: where it goes.
        guidance_embeds: whether guidance is an input, as of dev; without it as schnell.
    """
    with torch.random.fork_rng():
        torch.manual_seed(2)
        pipeline = FluxPipeline(
            scheduler=FlowMatchEulerDiscreteScheduler(shift=1.0),
            vae=_autoencoder((8, 8, 8, 8), 4, 0.3611, shift_factor=0.1159, quant_convolution=False),
            text_encoder=CLIPTextModel(text_config(514)).eval(),
            tokenizer=byte_tokenizer(),
            text_encoder_2=T5EncoderModel(_t5_config(_t5_vocabulary())).eval(),
            tokenizer_2=T5Tokenizer(vocab=_t5_vocabulary(), extra_ids=0, model_max_length=256),
            transformer=FluxTransformer2DModel(
                patch_size=1,
                in_channels=16,
                num_layers=1,
                num_single_layers=1,
                attention_head_dim=16,
                num_attention_heads=2,
                joint_attention_dim=TEXT_WIDTH,
                pooled_projection_dim=TEXT_WIDTH,
                guidance_embeds=guidance_embeds,
                axes_dims_rope=(4, 4, 8),
            ),
        )
    pipeline.save_pretrained(folder)
    return folder


def build_tiny_klein(folder: Path, *, distilled: bool = True) -> Path:
    """Save a random FLUX.2 klein; draws from 64×64 and takes reference pictures."""
    with torch.random.fork_rng():
        torch.manual_seed(6)
        pipeline = Flux2KleinPipeline(
            scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True),
            vae=_klein_autoencoder(),
            text_encoder=Qwen3ForCausalLM(_qwen_config()).eval(),
            tokenizer=_qwen_tokenizer(),
            transformer=Flux2Transformer2DModel(
                in_channels=16,
                num_layers=1,
                num_single_layers=1,
                attention_head_dim=16,
                num_attention_heads=2,
                joint_attention_dim=3 * TEXT_WIDTH,
                timestep_guidance_channels=16,
                axes_dims_rope=(4, 4, 4, 4),
                guidance_embeds=False,
            ).eval(),
            is_distilled=distilled,
        )
    pipeline.save_pretrained(folder)
    return folder


def build_micro_maquette(folder: Path) -> Path:
    """Save the maquette's architecture in tiny width: own tokenizer, v-prediction, f4, 256×256."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        tokenizer = CLIPTokenizer.from_pretrained(SHIPPED / "tokenizer")
        words = len(tokenizer)
        pipeline = StableDiffusionXLPipeline(
            vae=_autoencoder((8, 8, 16), latent_channels=4, scaling_factor=1.0),
            unet=unet((16, 16, 32, 32), layers=(1, 1, 1, 1), sample_size=64, time_width=8),
            scheduler=DPMSolverMultistepScheduler.from_pretrained(SHIPPED / "scheduler"),
            tokenizer=tokenizer,
            tokenizer_2=CLIPTokenizer.from_pretrained(SHIPPED / "tokenizer_2"),
            text_encoder=CLIPTextModel(text_config(words)).eval(),
            text_encoder_2=CLIPTextModelWithProjection(text_config(words)).eval(),
            force_zeros_for_empty_prompt=False,
            add_watermarker=False,
        )
    pipeline.save_pretrained(folder)
    shutil.copy(SHIPPED / "MODEL.md", folder / "MODEL.md")
    return folder


def add_guide(folder: Path) -> Path:
    """Save a denoiser of the folder's own shape with other random weights as its guide."""
    denoiser = UNet2DConditionModel.from_pretrained(folder / "unet", local_files_only=True)
    with torch.random.fork_rng():
        torch.manual_seed(4)
        UNet2DConditionModel.from_config(denoiser.config).save_pretrained(folder / "guide")
    return folder


def build_tiny_dinov2(folder: Path) -> Path:
    """Write a DINOv2 of two layers with random weights."""
    torch.manual_seed(0)
    config = Dinov2Config(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, image_size=224, patch_size=14
    )
    Dinov2Model(config).save_pretrained(folder)
    return folder


def _autoencoder(
    channels: tuple[int, ...],
    latent_channels: int,
    scaling_factor: float,
    *,
    shift_factor: float | None = None,
    quant_convolution: bool = True,
) -> AutoencoderKL:
    autoencoder = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * len(channels),
        up_block_types=("UpDecoderBlock2D",) * len(channels),
        block_out_channels=channels,
        layers_per_block=1,
        latent_channels=latent_channels,
        norm_num_groups=4,
        sample_size=64,
        scaling_factor=scaling_factor,
        shift_factor=shift_factor,
        mid_block_add_attention=False,
        use_quant_conv=quant_convolution,
        use_post_quant_conv=quant_convolution,
    ).eval()
    _make_certain(autoencoder.quant_conv or autoencoder.encoder.conv_out, latent_channels)
    return autoencoder


def _klein_autoencoder() -> AutoencoderKLFlux2:
    """Its batch statistics are not those of a fresh norm, so that leaving them out would show."""
    autoencoder = AutoencoderKLFlux2(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(8, 8, 8, 8),
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=4,
        sample_size=64,
        mid_block_add_attention=False,
    ).eval()
    autoencoder.bn.running_mean.normal_(0.0, 0.1)
    autoencoder.bn.running_var.uniform_(0.5, 2.0)
    _make_certain(autoencoder.quant_conv, 4)
    return autoencoder


def _qwen_config() -> Qwen3Config:
    return Qwen3Config(
        vocab_size=259,
        hidden_size=TEXT_WIDTH,
        intermediate_size=37,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        max_position_embeddings=1024,
    )


def _qwen_tokenizer() -> Qwen2Tokenizer:
    """Qwen's tokenizer with no merges, and a chat's frame as Qwen3 has it."""
    marks = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
    pieces = [*_byte_letters(), *marks]
    tokenizer = Qwen2Tokenizer(
        vocab={piece: number for number, piece in enumerate(pieces)},
        merges=[],
        additional_special_tokens=list(marks[1:]),
        model_max_length=1024,
    )
    tokenizer.chat_template = QWEN_FRAME
    return tokenizer


@torch.no_grad()
def _make_certain(layer: torch.nn.Conv2d, latent_channels: int) -> None:
    """Give the latents a tiny variance, as a trained autoencoder does; random ones are all noise."""
    assert layer.bias is not None
    layer.weight[latent_channels:] = 0
    layer.bias[latent_channels:] = -20


def unet(
    channels: tuple[int, ...],
    layers: tuple[int, ...],
    sample_size: int,
    time_width: int,
    text_width: int = 2 * TEXT_WIDTH,
    pooled: int = TEXT_WIDTH,
) -> UNet2DConditionModel:
    """A U-Net with cross-attention in the lower half of its levels only, as SDXL has."""
    plain = len(channels) // 2
    attended = len(channels) - plain
    return UNet2DConditionModel(
        sample_size=sample_size,
        block_out_channels=channels,
        layers_per_block=1,
        down_block_types=("DownBlock2D",) * plain + ("CrossAttnDownBlock2D",) * attended,
        up_block_types=("CrossAttnUpBlock2D",) * attended + ("UpBlock2D",) * plain,
        transformer_layers_per_block=list(layers),
        attention_head_dim=[2] * len(channels),
        cross_attention_dim=text_width,
        use_linear_projection=True,
        norm_num_groups=8,
        addition_embed_type="text_time",
        addition_time_embed_dim=time_width,
        projection_class_embeddings_input_dim=6 * time_width + pooled,
    ).eval()


def text_config(words: int) -> CLIPTextConfig:
    """CLIP in small; the end id must be the tokenizer's, or the pooled vector is wrong."""
    start, end = (0, 1) if words != 514 else (512, 513)
    return CLIPTextConfig(
        vocab_size=words,
        hidden_size=TEXT_WIDTH,
        intermediate_size=37,
        projection_dim=TEXT_WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=77,
        bos_token_id=start,
        eos_token_id=end,
        pad_token_id=end,
    )


def byte_tokenizer() -> CLIPTokenizer:
    """CLIP's tokenizer with no merges: every word is spelled in bytes, as CLIP numbers them."""
    letters = _byte_letters()
    pieces = [*letters, *(f"{letter}</w>" for letter in letters), START, END]
    return CLIPTokenizer(
        vocab={piece: number for number, piece in enumerate(pieces)}, merges=[], model_max_length=77
    )


def _byte_letters() -> list[str]:
    """The 256 printable stand-ins for bytes of byte-level BPE (GPT-2)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = 256 - len(printable)
    return [chr(code) for code in printable] + [chr(256 + offset) for offset in range(others)]


def _t5_vocabulary() -> list[tuple[str, float]]:
    special = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
    return special + [(chr(code), -3.0) for code in range(33, 127)]


def _t5_config(vocabulary: list[tuple[str, float]]) -> T5Config:
    return T5Config(
        vocab_size=len(vocabulary),
        d_model=TEXT_WIDTH,
        d_kv=8,
        d_ff=37,
        num_layers=1,
        num_heads=4,
        pad_token_id=0,
        eos_token_id=1,
    )
