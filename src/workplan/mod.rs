//! The bureau's open-government work plan (政务公开工作计划表).

pub mod api;
pub mod page;
