//! The painter: pictures composed from the words of a prompt, the same for the same words every time.

mod canvas;
mod chance;
mod city;
mod finish;
mod forest;
mod land;
mod light;
mod lighthouse;
mod palette;
mod picture;
mod plan;
mod relief;
mod ridges;
mod scenery;
mod shape;
mod sky;
mod soft;
mod tint;
mod water;
mod wish;

pub(super) use picture::{Manner, Picture, describe, paint};
