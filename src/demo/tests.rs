//! The demo endpoint over real sockets.
