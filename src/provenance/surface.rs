//! What the reader uses, by the signs that the output shows of it.

use crate::catalog::Surface;
use crate::catalog::provenance::{Provenance, Topic};
use crate::text::{Skeleton, search};

/// The surfaces of which a text shows a sign.
pub fn surfaces(rules: &Provenance, text: &Skeleton) -> Vec<Surface> {
    let shows =
        |name: &str| search::find(&text.bytes, &Skeleton::new(name.as_bytes()).bytes).is_some();
    let signs = rules.of(Topic::Surface);
    let those = signs.filter(|(_, rule)| rule.names.iter().any(|name| shows(name)));
    let mut found: Vec<Surface> = those.filter_map(|(_, rule)| rule.surface).collect();
    if found.is_empty() {
        // A bare body is what a program sees; everything else is the client's screen until it says
        // otherwise.
        let body = shows("\"type\":\"error\",\"error\":{");
        found.push(if body { Surface::Sdk } else { Surface::Cli });
    }
    found.sort_unstable();
    found.dedup();
    found
}
