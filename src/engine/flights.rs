//! Images that are decoded before anybody may be told of them: what was made waits for the image to be stored, as a
//! pure value.

use std::collections::BTreeMap;

use super::wishlist::Wish;
use crate::domain::{ImageId, Pixels};

/// Bytes of pictures that wait for their images to be stored: a screen of thumbnails, or a few pictures. Beyond that the
/// oldest are dropped, and decoded from the disk when they are wished for.
const MADE_BYTES_MAX: usize = 32 << 20;

/// What was made of one image.
pub(super) type Made = Vec<(Wish, Pixels)>;

/// The images under way.
#[derive(Debug, Default)]
pub(super) struct Flights {
    under_way: BTreeMap<ImageId, Flight>,
    made_bytes: usize,
}

#[derive(Debug, Default)]
struct Flight {
    /// The window knows that it is stored.
    told: bool,
    made: Option<Made>,
}

impl Flights {
    /// An image is being decoded.
    pub(super) fn begin(&mut self, image: ImageId) {
        self.end(image);
        self.under_way.insert(image, Flight::default());
    }

    /// Something will come of this image: it need not be decoded from the disk.
    pub(super) fn holds(&self, image: ImageId) -> bool {
        self.under_way.contains_key(&image)
    }

    /// It is decoded, and waits to be told.
    pub(super) fn has_made(&self, image: ImageId) -> bool {
        self.under_way.get(&image).is_some_and(|flight| flight.made.is_some())
    }

    /// It is decoded; what may go to the window now.
    pub(super) fn made(&mut self, image: ImageId, made: Made) -> Made {
        let Some(flight) = self.under_way.get_mut(&image) else { return Made::new() };
        if flight.told {
            self.end(image);
            return made;
        }
        self.made_bytes += bytes(&made);
        flight.made = Some(made);
        while self.made_bytes > MADE_BYTES_MAX {
            let oldest = self.under_way.iter().find(|(_, flight)| flight.made.is_some()).map(|(image, _)| *image);
            let Some(oldest) = oldest else { break };
            self.end(oldest);
        }
        Made::new()
    }

    /// The window was told that the image is stored; what may go after that.
    pub(super) fn told(&mut self, image: ImageId) -> Made {
        let Some(flight) = self.under_way.get_mut(&image) else { return Made::new() };
        flight.told = true;
        if flight.made.is_some() { self.end(image) } else { Made::new() }
    }

    /// Nothing more will come of it; what had been made.
    pub(super) fn end(&mut self, image: ImageId) -> Made {
        let made = self.under_way.remove(&image).and_then(|flight| flight.made).unwrap_or_default();
        self.made_bytes -= bytes(&made);
        made
    }
}

fn bytes(made: &Made) -> usize {
    made.iter().map(|(_, pixels)| pixels.size_bytes()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RunId;

    fn image(slot: u16) -> ImageId {
        ImageId { run: RunId::from_number(1), slot }
    }

    fn thumbnail(slot: u16, side: u32) -> Made {
        let pixels = Pixels::new(side, side, vec![7; (side * side) as usize]).unwrap();
        vec![(Wish::Thumbnail(image(slot), side), pixels)]
    }

    #[test]
    fn nothing_is_shown_before_it_is_stored() {
        let mut flights = Flights::default();
        flights.begin(image(0));
        assert_eq!(flights.made(image(0), thumbnail(0, 4)), []);
        assert!(flights.holds(image(0)));
        assert_eq!(flights.told(image(0)), thumbnail(0, 4));
        assert!(!flights.holds(image(0)));
        assert_eq!(flights.told(image(0)), [], "an image is told twice when its prompt comes late");
    }

    #[test]
    fn a_slow_decoder_delivers_as_soon_as_it_is_done() {
        let mut flights = Flights::default();
        flights.begin(image(0));
        assert_eq!(flights.told(image(0)), []);
        assert!(flights.holds(image(0)), "nobody else decodes it meanwhile");
        assert_eq!(flights.made(image(0), thumbnail(0, 4)), thumbnail(0, 4));
        assert!(!flights.holds(image(0)));
    }

    #[test]
    fn what_was_not_stored_is_never_shown() {
        let mut flights = Flights::default();
        flights.begin(image(0));
        flights.end(image(0));
        assert_eq!(flights.made(image(0), thumbnail(0, 4)), []);
        assert_eq!(flights.told(image(0)), []);
        assert_eq!(flights.made_bytes, 0);
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut flights = Flights::default();
        let side = 1_024;
        let fits = (MADE_BYTES_MAX / (side * side * 4) as usize) as u16;
        for slot in 0..fits + 3 {
            flights.begin(image(slot));
            flights.made(image(slot), thumbnail(slot, side));
            assert!(flights.made_bytes <= MADE_BYTES_MAX);
        }
        assert!(!flights.holds(image(2)) && flights.holds(image(3)));
        for slot in 0..fits + 3 {
            flights.told(image(slot));
        }
        assert_eq!(flights.made_bytes, 0);
    }
}
