//! The painter: pictures composed from the words of a prompt, the same for the same words every time.

mod animal;
mod botanical;
mod canvas;
mod chance;
mod city;
mod finish;
mod forest;
mod land;
mod light;
mod lighthouse;
mod palette;
mod paper_cut;
mod picture;
mod plan;
mod poster;
mod relief;
mod ridges;
mod robot;
mod scenery;
mod shape;
mod sky;
mod snow;
mod soft;
mod space;
mod still_life;
#[cfg(test)]
mod tests;
mod tint;
mod underwater;
mod water;
mod wish;

pub(super) use picture::{Manner, Picture, describe, paint};
