//! What a prompt asks for, as far as its words tell: scene, hour, colours, medium.

use super::chance::text_seed;
use super::tint::Tint;

/// What there is to paint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::demo) enum Scene {
    Lighthouse,
    Sea,
    Mountain,
    City,
    Forest,
    Desert,
    Meadow,
    StillLife,
    Botanical,
    Poster,
    Space,
    Underwater,
    Snow,
    Robot,
    PaperCut,
}

/// The time of day, which is the light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hour {
    Dawn,
    Day,
    Golden,
    Dusk,
    Night,
    Mist,
}

/// What it looks made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Medium {
    Photograph,
    Film,
    Gouache,
    Print,
}

/// How sure a word is of its scene: "lighthouse" decides, "sea" may be the place of something else.
const SCENES: &[(Scene, u32, &[&str])] = &[
    (Scene::Lighthouse, 9, &["lighthouse", "beacon"]),
    (Scene::Robot, 9, &["robot", "android", "droid", "automaton", "cyborg", "mech"]),
    (Scene::PaperCut, 8, &["papercut", "paper-cut", "cutout", "origami", "diorama", "layered"]),
    (Scene::PaperCut, 5, &["fox", "deer", "wolf", "bear", "bird", "owl", "cat", "dog", "hare", "rabbit", "animal"]),
    (Scene::Poster, 7, &["poster", "jazz", "bauhaus", "abstract", "logo", "geometric", "cover", "concert"]),
    (Scene::Poster, 4, &["music", "shape", "pattern", "typography", "graphic", "festival", "album"]),
    (Scene::Botanical, 7, &["botanical", "fern", "herbarium", "frond", "leaf", "leaves", "specimen"]),
    (Scene::Botanical, 5, &["flower", "floral", "plant", "poppy", "rose", "tulip", "orchid", "bloom", "bouquet"]),
    (Scene::StillLife, 7, &["still", "vase", "fruit", "bowl", "bottle", "pear", "apple", "ceramic", "lemon", "orange"]),
    (Scene::StillLife, 5, &["portrait", "woman", "man", "face", "girl", "boy", "person", "product", "perfume", "food"]),
    (Scene::StillLife, 4, &["table", "cup", "coffee", "tea", "cake", "wine", "bread"]),
    (Scene::Underwater, 8, &["underwater", "reef", "coral", "jellyfish", "whale", "fish", "shark", "diver", "turtle"]),
    (Scene::Space, 7, &["space", "planet", "nebula", "galaxy", "cosmos", "cosmic", "astronaut", "saturn", "orbit"]),
    (Scene::Space, 4, &["moon", "star", "comet", "universe", "alien", "mars"]),
    (Scene::City, 6, &["city", "skyline", "skyscraper", "downtown", "street", "tokyo", "metropolis", "cyberpunk"]),
    (Scene::City, 4, &["town", "building", "tower", "futuristic", "urban", "bridge", "rooftop", "car"]),
    (Scene::StillLife, 6, &["room", "interior", "kitchen", "chair", "bedroom", "studio", "library", "hallway", "sofa"]),
    (Scene::Snow, 6, &["cabin", "snow", "snowy", "winter", "christmas", "aurora", "blizzard", "arctic", "ice"]),
    (Scene::Desert, 6, &["desert", "dune", "sahara", "oasis", "camel", "sand", "cactus", "canyon"]),
    (Scene::Meadow, 5, &["meadow", "field", "lavender", "hill", "farm", "tuscany", "garden", "grass", "vineyard"]),
    (Scene::Forest, 5, &["forest", "wood", "tree", "pine", "jungle", "birch", "redwood", "bamboo", "grove"]),
    (Scene::Mountain, 5, &["mountain", "peak", "alps", "ridge", "valley", "lake", "fjord", "landscape", "cliff"]),
    (Scene::Sea, 4, &["sea", "ocean", "beach", "wave", "coast", "shore", "harbour", "harbor", "boat", "island"]),
];

const HOURS: &[(Hour, &[&str])] = &[
    (Hour::Dusk, &["dusk", "twilight", "sunset", "evening", "nightfall", "gloaming"]),
    (Hour::Dawn, &["dawn", "sunrise", "morning", "daybreak"]),
    (Hour::Golden, &["golden", "autumn", "harvest", "amber"]),
    (Hour::Night, &["night", "midnight", "moonlit", "moonlight", "neon", "starry", "stars", "nocturne", "aurora"]),
    (Hour::Mist, &["fog", "foggy", "mist", "misty", "haze", "overcast", "rain", "rainy", "storm", "gloomy", "moody"]),
    (Hour::Day, &["day", "noon", "daylight", "sunny", "midday", "summer", "bright", "spring"]),
];

/// A prompt, read.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    words: Vec<String>,
    pub(super) scene: Scene,
    /// The hour the words name; otherwise every picture has its own.
    pub(super) hour: Option<Hour>,
    pub(super) medium: Medium,
    pub(super) tints: Vec<Tint>,
    /// The same for the same prompt.
    pub(super) seed: u64,
}

impl Wish {
    /// Reads a prompt. Words nobody knows still choose, by their hash.
    pub(super) fn read(prompt: &str) -> Self {
        let lower = prompt.to_lowercase();
        let plain = |word: &str| {
            let whole = word.to_owned();
            match word.strip_suffix('s') {
                Some(one) if one.len() > 2 && !one.ends_with('s') => vec![whole, one.to_owned()],
                _ => vec![whole],
            }
        };
        let mut words: Vec<String> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).flat_map(plain).collect();
        words.extend(lower.split_whitespace().filter(|word| word.contains('-')).map(str::to_owned));
        let seed = text_seed(&words.join(" "));
        let tints = words.iter().filter_map(|word| Tint::named(word)).collect();
        let mut wish = Self { words, scene: Scene::Mountain, hour: None, medium: Medium::Photograph, tints, seed };
        wish.scene = wish.best_scene();
        wish.hour = HOURS.iter().find(|(_, words)| wish.says(words)).map(|&(hour, _)| hour);
        wish.medium = wish.best_medium();
        wish
    }

    /// One of these words is in the prompt.
    pub(super) fn says(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.words.iter().any(|said| said == word))
    }

    fn best_scene(&self) -> Scene {
        let mut best: Option<(u32, Scene)> = None;
        for &(scene, _, _) in SCENES {
            let rows = SCENES.iter().filter(|row| row.0 == scene);
            let score: u32 = rows
                .map(|(_, weight, words)| weight * words.iter().filter(|word| self.says(&[word])).count().min(2) as u32)
                .sum();
            if score > 0 && best.is_none_or(|(most, _)| score > most) {
                best = Some((score, scene));
            }
        }
        // Scenes that please whatever the words were.
        const OPEN: [Scene; 8] = [
            Scene::Mountain,
            Scene::Sea,
            Scene::Desert,
            Scene::Forest,
            Scene::PaperCut,
            Scene::StillLife,
            Scene::Poster,
            Scene::Meadow,
        ];
        let open = OPEN.get((self.seed % OPEN.len() as u64) as usize).copied();
        best.map(|(_, scene)| scene).or(open).unwrap_or(Scene::Mountain)
    }

    fn best_medium(&self) -> Medium {
        if self.says(&["gouache", "watercolor", "watercolour", "painting", "painted", "illustration", "paper", "ink"]) {
            Medium::Gouache
        } else if self.says(&["poster", "print", "risograph", "screenprint", "linocut", "flat", "vector"]) {
            Medium::Print
        } else if self.says(&["film", "grain", "grainy", "analog", "analogue", "35mm", "kodak", "polaroid", "vintage"])
        {
            Medium::Film
        } else {
            match self.scene {
                Scene::Botanical => Medium::Gouache,
                Scene::Poster | Scene::PaperCut => Medium::Print,
                _ => Medium::Photograph,
            }
        }
    }
}
