//! The files of the built-in catalog, one per section, in the order of the sections.

/// File name and text.
pub(super) const FILES: [(&str, &str); 6] = [
    ("catalog/server.toml", include_str!("../../catalog/server.toml")),
    ("catalog/usage.toml", include_str!("../../catalog/usage.toml")),
    ("catalog/auth.toml", include_str!("../../catalog/auth.toml")),
    ("catalog/network.toml", include_str!("../../catalog/network.toml")),
    ("catalog/request.toml", include_str!("../../catalog/request.toml")),
    ("catalog/quality.toml", include_str!("../../catalog/quality.toml")),
];
