//! Pictures: decoded within bounds and encoded anew. What comes out is pixels and nothing else: no camera, no
//! place, no thumbnail of what was cut away, no second file behind the picture.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

use super::check::Kind;
use crate::problem::{Words, words};

/// Longest side that is decoded at all.
const LONGEST_SIDE: u32 = 20_000;
/// Memory a decoder may ask for: 24 megapixels in three bytes each, and something over.
const MOST_MEMORY: u64 = 80 * 1024 * 1024;
/// A page of A4 at 300 dots an inch; larger pictures are made smaller.
const KEPT_SIDE: u32 = 3508;
const QUALITY: u8 = 85;

pub struct Picture {
    pub kind: Kind,
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// # Errors
/// Damaged, or too large.
pub fn clean(bytes: &[u8], format: ImageFormat) -> Result<Picture, Words> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|e| refused(&e))?;
    if decoder.total_bytes() > MOST_MEMORY {
        return Err(too_large());
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(|e| refused(&e))?;
    if image.width() > KEPT_SIDE || image.height() > KEPT_SIDE {
        image = image.thumbnail(KEPT_SIDE, KEPT_SIDE);
    }
    image.apply_orientation(orientation);
    let clear = image.color().has_alpha();
    let image = match (clear, image.color().has_color()) {
        (true, _) => DynamicImage::ImageRgba8(image.into_rgba8()),
        (false, true) => DynamicImage::ImageRgb8(image.into_rgb8()),
        (false, false) => DynamicImage::ImageLuma8(image.into_luma8()),
    };
    let mut out = Vec::new();
    let kind = if clear || format == ImageFormat::Png { Kind::Png } else { Kind::Jpeg };
    let written = match kind {
        Kind::Png => image.write_with_encoder(PngEncoder::new(&mut out)),
        _ => image.write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY)),
    };
    written.map_err(|e| refused(&e))?;
    Ok(Picture { kind, bytes: out, width: image.width(), height: image.height() })
}

fn refused(e: &image::ImageError) -> Words {
    match e {
        image::ImageError::Limits(_) => too_large(),
        _ => words("图片已损坏，无法读取", "the picture is damaged and cannot be read"),
    }
}

fn too_large() -> Words {
    words(
        "图片像素过多，请缩小到约 2400 万像素以内再上传",
        "the picture has too many pixels; make it smaller than about 24 megapixels",
    )
}
