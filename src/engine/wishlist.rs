//! Which picture is decoded next, as a pure value.

use std::collections::{HashSet, VecDeque};

use crate::domain::ImageId;
use crate::message::Wishes;

/// Wishes kept from one list: four screens of the smallest tiles. The window asks again as it scrolls.
const WISHES_MAX: usize = 2_000;

/// One picture that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Wish {
    /// Small, with its longest side in pixels.
    Thumbnail(ImageId, u32),
    /// As it is.
    Picture(ImageId),
}

impl Wish {
    /// Of which image.
    pub(super) const fn image(self) -> ImageId {
        match self {
            Self::Thumbnail(image, _) | Self::Picture(image) => image,
        }
    }
}

/// The newest list, without what is being decoded or was decoded since it was first in a list.
#[derive(Debug, Default)]
pub(super) struct Wishlist {
    /// All of the newest list.
    wanted: HashSet<Wish>,
    waiting: VecDeque<Wish>,
    working: HashSet<Wish>,
    /// Fulfilled while it stood in the list: not done again until a list without it has come in between.
    fulfilled: HashSet<Wish>,
}

impl Wishlist {
    /// Takes a new list instead of the old one.
    ///
    /// The picture the person looks at comes first, then thumbnails, then pictures they may turn to.
    pub(super) fn replace(&mut self, wishes: Wishes) {
        let mut pictures = wishes.pictures.into_iter().map(Wish::Picture);
        let first = pictures.next();
        let thumbnails = wishes.thumbnails.into_iter().map(|(image, side)| Wish::Thumbnail(image, side));
        let mut wanted = HashSet::new();
        self.waiting.clear();
        for wish in first.into_iter().chain(thumbnails).chain(pictures).take(WISHES_MAX) {
            let fresh = wanted.insert(wish);
            if fresh && !self.working.contains(&wish) && !self.fulfilled.contains(&wish) {
                self.waiting.push_back(wish);
            }
        }
        self.fulfilled.retain(|wish| wanted.contains(wish));
        self.wanted = wanted;
    }

    /// The next wish, taken from the list.
    pub(super) fn next(&mut self) -> Option<Wish> {
        let wish = self.waiting.pop_front()?;
        self.working.insert(wish);
        Some(wish)
    }

    /// A wish was fulfilled, or cannot be.
    pub(super) fn done(&mut self, wish: Wish) {
        self.working.remove(&wish);
        if self.wanted.contains(&wish) {
            self.fulfilled.insert(wish);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RunId;

    fn image(slot: u16) -> ImageId {
        ImageId { run: RunId::from_number(1), slot }
    }

    fn thumbnails(slots: &[u16]) -> Wishes {
        Wishes { thumbnails: slots.iter().map(|&slot| (image(slot), 256)).collect(), pictures: Vec::new() }
    }

    fn rest(list: &mut Wishlist) -> Vec<u16> {
        std::iter::from_fn(|| {
            let wish = list.next()?;
            list.done(wish);
            Some(wish.image().slot)
        })
        .collect()
    }

    #[test]
    fn a_new_list_replaces_the_old_one() {
        let mut list = Wishlist::default();
        list.replace(thumbnails(&[1, 2, 3]));
        list.replace(thumbnails(&[9, 2]));
        assert_eq!(rest(&mut list), [9, 2]);
    }

    #[test]
    fn a_wish_is_done_once_while_it_stays_in_the_list() {
        let mut list = Wishlist::default();
        list.replace(thumbnails(&[1, 2]));
        let working = list.next().unwrap();
        list.replace(thumbnails(&[1, 2, 2]));
        assert_eq!(rest(&mut list), [2], "1 is being decoded, 2 stands there twice");
        list.done(working);
        list.replace(thumbnails(&[1, 2]));
        assert_eq!(rest(&mut list), [0_u16; 0], "both were done");
        list.replace(thumbnails(&[2]));
        list.replace(thumbnails(&[1, 2]));
        assert_eq!(rest(&mut list), [1], "1 was out of the list: it is asked for again");
    }

    #[test]
    fn what_left_the_list_while_it_was_decoded_can_be_asked_for_again() {
        let mut list = Wishlist::default();
        list.replace(thumbnails(&[1]));
        let working = list.next().unwrap();
        list.replace(thumbnails(&[2]));
        list.done(working);
        list.replace(thumbnails(&[1]));
        assert_eq!(rest(&mut list), [1]);
    }

    #[test]
    fn what_is_looked_at_comes_first_and_its_neighbours_last() {
        let mut list = Wishlist::default();
        list.replace(Wishes { pictures: vec![image(7), image(8)], ..thumbnails(&[1]) });
        assert_eq!(list.next(), Some(Wish::Picture(image(7))));
        assert_eq!(list.next(), Some(Wish::Thumbnail(image(1), 256)));
        assert_eq!(list.next(), Some(Wish::Picture(image(8))));
        assert_eq!(list.next(), None);
    }

    #[test]
    fn sizes_are_different_wishes() {
        let mut list = Wishlist::default();
        list.replace(Wishes { thumbnails: vec![(image(1), 256), (image(1), 512)], pictures: Vec::new() });
        assert_eq!(rest(&mut list).len(), 2);
    }
}
