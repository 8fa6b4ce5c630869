//! Stories of the feature, through HTTP.
