//! Topics and responses (归并意见、处理结果).

pub mod api;
pub mod page;
