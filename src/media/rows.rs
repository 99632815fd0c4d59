//! PNG, row by row into the finished pixels: from a file in memory, or from one that still arrives.

use std::io::{BufRead, ErrorKind, Seek};

use image::ColorType;
use image::metadata::Orientation;
use png::{BitDepth, Decoder, DecodingError, InterlaceInfo, Limits, Reader, Transformations};

use super::limits::{METADATA_BYTES_MAX, admit};
use super::orient::{orient, swaps_sides};
use super::picture::{Alpha, Picture, zeroed};
use super::trouble::Trouble;
use super::widen::{premultiply, widen};

impl From<DecodingError> for Trouble {
    fn from(error: DecodingError) -> Self {
        match error {
            DecodingError::LimitsExceeded => Self::Memory,
            other => Self::Damaged(other.to_string()),
        }
    }
}

/// A file whose beginning is read: its size is known, and nothing is reserved for its pixels yet.
pub(super) struct Header<R: BufRead + Seek> {
    reader: Reader<R>,
    width: u32,
    height: u32,
    color: ColorType,
    orientation: Orientation,
}

impl<R: BufRead + Seek> Header<R> {
    /// Reads up to the pixels. `source` must hold that much, or its end.
    pub(super) fn read(source: R) -> Result<Self, Trouble> {
        let limits = Limits { bytes: usize::try_from(METADATA_BYTES_MAX).unwrap_or(usize::MAX) };
        let mut decoder = Decoder::new_with_limits(source, limits);
        // Neither is shown. Both may be packed a thousandfold.
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        decoder.set_transformations(Transformations::EXPAND);
        let reader = decoder.read_info()?;
        let (width, height) = reader.info().size();
        if width == 0 || height == 0 {
            return Err(Trouble::Damaged("no pixels".to_owned()));
        }
        let (kind, bits) = reader.output_color_type();
        let color = match (kind, bits) {
            (png::ColorType::Grayscale, BitDepth::Eight) => ColorType::L8,
            (png::ColorType::Grayscale, BitDepth::Sixteen) => ColorType::L16,
            (png::ColorType::GrayscaleAlpha, BitDepth::Eight) => ColorType::La8,
            (png::ColorType::GrayscaleAlpha, BitDepth::Sixteen) => ColorType::La16,
            (png::ColorType::Rgb, BitDepth::Eight) => ColorType::Rgb8,
            (png::ColorType::Rgb, BitDepth::Sixteen) => ColorType::Rgb16,
            (png::ColorType::Rgba, BitDepth::Eight) => ColorType::Rgba8,
            (png::ColorType::Rgba, BitDepth::Sixteen) => ColorType::Rgba16,
            // Expanding leaves none of these.
            (kind, bits) => return Err(Trouble::Damaged(format!("{kind:?} in {bits:?} bits"))),
        };
        // A broken camera note does not spoil the picture.
        let note = reader.info().exif_metadata.as_deref();
        let orientation = note.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms);
        Ok(Self { reader, width, height, color, orientation })
    }

    /// Width and height as the picture is seen.
    pub(super) fn dimensions(&self) -> (u32, u32) {
        if swaps_sides(self.orientation) { (self.height, self.width) } else { (self.width, self.height) }
    }

    /// How many pixels there will be. Fails when they are more than are shown.
    pub(super) fn pixels(&self) -> Result<usize, Trouble> {
        // Row by row nothing is needed beside the pixels; interlaced rows are collected first.
        let beside = if self.reader.info().interlaced { u64::from(self.color.bytes_per_pixel()) } else { 0 };
        admit(self.width, self.height, beside)?;
        Ok(self.width as usize * self.height as usize)
    }

    /// Goes on to the pixels. They are put into `words`, whatever it holds, where that is large enough.
    pub(super) fn rows(self, words: Vec<u32>, alpha: Alpha) -> Result<Rows<R>, Trouble> {
        let pixels = self.pixels()?;
        let info = self.reader.info();
        // The first picture of an animation may claim to be smaller than the whole, which the format forbids.
        if info.frame_control.is_some_and(|frame| (frame.width, frame.height) != (self.width, self.height)) {
            return Err(Trouble::Damaged("a first picture of another size".to_owned()));
        }
        let interlaced = info.interlaced;
        let line = self.width as usize * usize::from(self.color.bytes_per_pixel());
        let mut words = words;
        if words.capacity() < pixels {
            words = zeroed(pixels)?;
        }
        words.resize(pixels, 0);
        let collected = if interlaced { line * self.height as usize } else { 0 };
        let (row, interlaced) = (zeroed(line)?, if interlaced { Some(zeroed(collected)?) } else { None });
        Ok(Rows { header: self, alpha, words, row, done: 0, interlaced })
    }
}

/// How far the rows have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// The source has no more for now: it said [`ErrorKind::WouldBlock`].
    Waiting,
    /// Every pixel is there.
    Done,
}

/// The rows of a picture on their way into its pixels.
pub(super) struct Rows<R: BufRead + Seek> {
    header: Header<R>,
    alpha: Alpha,
    words: Vec<u32>,
    /// One row as the file has it.
    row: Vec<u8>,
    /// Rows finished.
    done: usize,
    /// The samples of an interlaced picture, whose rows come in seven passes.
    interlaced: Option<Vec<u8>>,
}

impl<R: BufRead + Seek> Rows<R> {
    /// Decodes as far as the source goes. After an error it is not to be called again.
    pub(super) fn advance(&mut self) -> Result<Progress, Trouble> {
        let step = loop {
            match self.step() {
                Ok(true) => {}
                Ok(false) => break Progress::Done,
                Err(DecodingError::IoError(error)) if error.kind() == ErrorKind::WouldBlock => {
                    return Ok(Progress::Waiting);
                }
                Err(error) => return Err(error.into()),
            }
        };
        if let Some(mut samples) = self.interlaced.take() {
            finish_row(&mut samples, self.header.color, self.alpha, &mut self.words);
        }
        Ok(step)
    }

    /// One row; `false` when there are none left.
    fn step(&mut self) -> Result<bool, DecodingError> {
        let Self { header: Header { reader, width, color, .. }, alpha, words, row, done, interlaced } = self;
        let (width, color) = (*width as usize, *color);
        if let Some(samples) = interlaced {
            let stride = row.len();
            let Some(passed) = reader.next_interlaced_row()? else { return Ok(false) };
            if let InterlaceInfo::Adam7(place) = passed.interlace() {
                png::expand_interlaced_row(samples, stride, passed.data(), place, color.bytes_per_pixel() * 8);
            }
            return Ok(true);
        }
        match words.get_mut(*done * width..(*done + 1) * width) {
            Some(line) if color == ColorType::Rgba8 => {
                if reader.read_row(bytemuck::cast_slice_mut(line))?.is_none() {
                    return Ok(false);
                }
                if *alpha == Alpha::Premultiplied {
                    premultiply(line);
                }
            }
            Some(line) => {
                if reader.read_row(row)?.is_none() {
                    return Ok(false);
                }
                finish_row(row, color, *alpha, line);
            }
            // Behind the last row only the end of its data is read.
            None => return Ok(reader.read_row(row)?.is_some()),
        }
        *done += 1;
        Ok(true)
    }

    /// Rows that are finished; for an interlaced picture none until all are.
    #[cfg(test)]
    pub(super) const fn done(&self) -> usize {
        self.done
    }

    /// The picture, turned as it is to be seen. Only after [`Progress::Done`].
    pub(super) fn finish(self) -> Picture {
        let Header { width, height, orientation, .. } = self.header;
        let words = orient(self.words, width, height, orientation);
        let (width, height) = if swaps_sides(orientation) { (height, width) } else { (width, height) };
        Picture { width, height, words }
    }
}

/// Samples as the file has them into words. The kinds of samples were checked with the header.
fn finish_row(samples: &mut [u8], color: ColorType, alpha: Alpha, words: &mut [u32]) {
    if matches!(color, ColorType::L16 | ColorType::La16 | ColorType::Rgb16 | ColorType::Rgba16) {
        let (samples, _) = samples.as_chunks_mut::<2>();
        for sample in samples {
            *sample = u16::from_be_bytes(*sample).to_ne_bytes();
        }
    }
    widen(samples, color, words).unwrap_or_default();
    if color.has_alpha() && alpha == Alpha::Premultiplied {
        premultiply(words);
    }
}
