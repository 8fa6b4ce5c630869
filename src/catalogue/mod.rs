//! The catalogue of major decisions (重大行政决策事项目录).

pub mod api;
pub mod page;
