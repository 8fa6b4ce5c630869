//! The example bureau (`jianyan demo`): an invented sports bureau, its year lived through the real
//! operations.

mod content;
