//! Which picture is decoded next, as a pure value.

use std::collections::{HashSet, VecDeque};

use crate::domain::ImageId;
use crate::message::Wishes;

/// Wishes kept from one list: four screens of the smallest tiles. The window asks again as it scrolls.
const WISHES_MAX: usize = 2_000;

/// One picture that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    /// Images that are not there yet, with the sides their thumbnails will have.
    awaited: HashSet<(ImageId, u32)>,
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
        self.awaited = wishes.awaited.into_iter().take(WISHES_MAX).collect();
    }

    /// The next wish, taken from the list; none for an image that is `busy`.
    pub(super) fn next(&mut self, busy: impl Fn(ImageId) -> bool) -> Option<Wish> {
        let place = self.waiting.iter().position(|wish| !busy(wish.image()))?;
        let wish = self.waiting.remove(place)?;
        self.working.insert(wish);
        Some(wish)
    }

    /// Some image is awaited: what arrives now will be looked at.
    pub(super) fn awaits_any(&self) -> bool {
        !self.awaited.is_empty()
    }

    /// What is wanted of an image that has just arrived, and was not given yet.
    pub(super) fn wanted_of(&self, image: ImageId) -> Vec<Wish> {
        let awaited = self.awaited.iter().filter(|(known, _)| *known == image);
        let awaited = awaited.map(|(_, side)| Wish::Thumbnail(image, *side));
        let wished = self.waiting.iter().copied().filter(|wish| wish.image() == image);
        let mut wanted: Vec<Wish> = awaited.chain(wished).collect();
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }

    /// A wish is fulfilled before it was taken, or even before it was said: the list that says it may be on its way.
    pub(super) fn fulfil(&mut self, wish: Wish) {
        self.waiting.retain(|waiting| *waiting != wish);
        self.fulfilled.insert(wish);
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
        Wishes { thumbnails: slots.iter().map(|&slot| (image(slot), 256)).collect(), ..Wishes::default() }
    }

    fn rest(list: &mut Wishlist) -> Vec<u16> {
        std::iter::from_fn(|| {
            let wish = list.next(|_| false)?;
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
        let working = list.next(|_| false).unwrap();
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
        let working = list.next(|_| false).unwrap();
        list.replace(thumbnails(&[2]));
        list.done(working);
        list.replace(thumbnails(&[1]));
        assert_eq!(rest(&mut list), [1]);
    }

    #[test]
    fn what_is_looked_at_comes_first_and_its_neighbours_last() {
        let mut list = Wishlist::default();
        list.replace(Wishes { pictures: vec![image(7), image(8)], ..thumbnails(&[1]) });
        assert_eq!(list.next(|_| false), Some(Wish::Picture(image(7))));
        assert_eq!(list.next(|_| false), Some(Wish::Thumbnail(image(1), 256)));
        assert_eq!(list.next(|_| false), Some(Wish::Picture(image(8))));
        assert_eq!(list.next(|_| false), None);
    }

    #[test]
    fn sizes_are_different_wishes() {
        let mut list = Wishlist::default();
        list.replace(Wishes { thumbnails: vec![(image(1), 256), (image(1), 512)], ..Wishes::default() });
        assert_eq!(rest(&mut list).len(), 2);
    }

    #[test]
    fn what_is_busy_waits_without_holding_up_the_rest() {
        let mut list = Wishlist::default();
        list.replace(thumbnails(&[1, 2, 3]));
        let busy = |busy: ImageId| busy == image(1);
        assert_eq!(list.next(busy), Some(Wish::Thumbnail(image(2), 256)));
        assert_eq!(list.next(busy), Some(Wish::Thumbnail(image(3), 256)));
        assert_eq!(list.next(busy), None);
        assert_eq!(list.next(|_| false), Some(Wish::Thumbnail(image(1), 256)));
    }

    #[test]
    fn an_arrival_gives_what_is_awaited_and_wished_for_once() {
        let mut list = Wishlist::default();
        assert!(!list.awaits_any());
        let wishes = thumbnails(&[1, 2]);
        list.replace(Wishes { awaited: vec![(image(1), 256), (image(1), 64)], pictures: vec![image(1)], ..wishes });
        assert!(list.awaits_any());
        let small = Wish::Thumbnail(image(1), 64);
        let usual = Wish::Thumbnail(image(1), 256);
        assert_eq!(list.wanted_of(image(1)), [small, usual, Wish::Picture(image(1))]);
        assert_eq!(list.wanted_of(image(3)), []);
        list.wanted_of(image(1)).into_iter().for_each(|wish| list.fulfil(wish));
        assert_eq!(rest(&mut list), [2], "nothing of it is done again");
        list.replace(thumbnails(&[1]));
        assert_eq!(rest(&mut list), [0_u16; 0], "a list that was on its way meanwhile changes nothing");
        list.replace(thumbnails(&[]));
        list.replace(thumbnails(&[1]));
        assert_eq!(rest(&mut list), [1], "it can be asked for again");
    }
}
