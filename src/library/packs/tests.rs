//! Thumbnails kept, found again, thrown away, and harmed from outside.

use super::*;

const SMALL: Limits = Limits { pack_bytes: 1_000, packs: 3 };

fn sha(number: u8) -> String {
    format!("{number:02x}").repeat(32)
}

fn glimpse(number: u8) -> Glimpse {
    Glimpse::from_bytes([number; Glimpse::BYTES])
}

fn put(packs: &Packs, number: u8, side: u32, length: usize) {
    packs.put(&sha(number), side, &vec![number; length], glimpse(number));
}

fn open(folder: &tempfile::TempDir) -> Packs {
    Packs::open_within(folder.path(), SMALL)
}

fn files(folder: &tempfile::TempDir) -> Vec<String> {
    let names = fs::read_dir(folder.path().join(FOLDER)).unwrap();
    let mut names: Vec<String> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn thumbnails_are_there_after_the_next_start_by_what_the_image_is() {
    let folder = tempfile::tempdir().unwrap();
    let packs = open(&folder);
    put(&packs, 1, 192, 100);
    put(&packs, 1, 384, 300);
    put(&packs, 2, 192, 100);
    drop(packs);
    let packs = open(&folder);
    assert_eq!(packs.get(&sha(1), 192), Some(vec![1; 100]));
    assert_eq!(packs.get(&sha(1), 193), Some(vec![1; 300]), "a larger one serves");
    assert_eq!(packs.get(&sha(1), 385), None, "a smaller one does not");
    assert_eq!(packs.get(&sha(3), 64), None);
    assert_eq!(packs.get("no hash", 64), None);
    assert_eq!(packs.glimpse(&sha(2)), Some(glimpse(2)));
    put(&packs, 3, 192, 100);
    assert_eq!(packs.get(&sha(3), 192), Some(vec![3; 100]), "written behind what was there");
}

#[test]
fn the_oldest_pack_goes_when_there_are_too_many() {
    let folder = tempfile::tempdir().unwrap();
    let packs = open(&folder);
    for number in 0..12 {
        put(&packs, number, 64, 400);
    }
    let kept: Vec<u8> = (0..12).filter(|&number| packs.get(&sha(number), 64).is_some()).collect();
    assert!(kept.iter().all(|&number| packs.glimpse(&sha(number)) == Some(glimpse(number))), "their lines moved up");
    assert_eq!(kept, [6, 7, 8, 9, 10, 11], "three packs of two");
    assert_eq!(files(&folder).len(), 4);
    drop(packs);
    let packs = open(&folder);
    assert!(kept.iter().all(|&number| packs.get(&sha(number), 64) == Some(vec![number; 400])));
    let glimpses: Vec<u8> = (0..12).filter(|&number| packs.glimpse(&sha(number)) == Some(glimpse(number))).collect();
    assert_eq!(glimpses, kept, "their lines moved up");
}

#[test]
fn a_pack_with_other_bytes_is_dropped_and_the_rest_stays() {
    let folder = tempfile::tempdir().unwrap();
    let packs = open(&folder);
    for number in 0..4 {
        put(&packs, number, 64, 400);
    }
    let first = folder.path().join(FOLDER).join(pack_name(0));
    fs::write(&first, vec![99; 800]).unwrap();
    assert_eq!(packs.get(&sha(0), 64), None);
    assert_eq!(packs.get(&sha(1), 64), None);
    assert!(!first.exists());
    assert_eq!(packs.get(&sha(2), 64), Some(vec![2; 400]));
    put(&packs, 0, 64, 400);
    assert_eq!(packs.get(&sha(0), 64), Some(vec![0; 400]), "made again");
}

#[test]
fn what_was_cut_off_or_is_foreign_is_no_trouble() {
    for harm in 0..6 {
        let folder = tempfile::tempdir().unwrap();
        let packs = open(&folder);
        put(&packs, 1, 64, 400);
        put(&packs, 2, 64, 400);
        drop(packs);
        let inside = folder.path().join(FOLDER);
        let index = inside.join(INDEX);
        let mut bytes = fs::read(&index).unwrap();
        let left = match harm {
            // Half an entry at the end; noise at the end; a flipped bit in the last entry.
            0 => {
                bytes.truncate(bytes.len() - 7);
                1
            }
            1 => {
                bytes.extend([7; 500]);
                2
            }
            2 => {
                let end = bytes.len() - 9;
                bytes[end] ^= 4;
                1
            }
            // Another program's file.
            3 => {
                bytes = b"something else entirely, and long enough to be an entry".repeat(9);
                0
            }
            4 => {
                fs::write(inside.join(pack_name(0)), b"short").unwrap();
                0
            }
            _ => {
                fs::write(inside.join("note.txt"), b"mine").unwrap();
                2
            }
        };
        fs::write(&index, bytes).unwrap();
        let packs = open(&folder);
        let found = [1, 2].iter().filter(|&&number| packs.get(&sha(number), 64) == Some(vec![number; 400])).count();
        assert_eq!(found, left, "harm {harm}");
        put(&packs, 3, 64, 400);
        drop(packs);
        assert_eq!(open(&folder).get(&sha(3), 64), Some(vec![3; 400]), "harm {harm}");
        assert_eq!(inside.join("note.txt").exists(), harm == 5, "what is not ours is left alone");
    }
}

#[test]
fn two_programs_do_not_write_into_each_others_packs() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(&folder);
    let second = open(&folder);
    put(&second, 1, 64, 100);
    assert_eq!(second.get(&sha(1), 64), None);
    put(&first, 1, 64, 100);
    assert_eq!(first.get(&sha(1), 64), Some(vec![1; 100]));
}

#[test]
fn without_a_folder_nothing_is_kept_and_nothing_breaks() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(FOLDER), b"a file where the folder should be").unwrap();
    let packs = open(&folder);
    put(&packs, 1, 64, 100);
    assert_eq!(packs.get(&sha(1), 64), None);
    assert_eq!(packs.glimpse(&sha(1)), None);
}
