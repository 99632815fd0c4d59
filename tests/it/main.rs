//! The tests that look at the program from outside, in one binary.

mod architecture;
#[cfg(test)]
mod taken_back;
