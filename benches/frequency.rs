//! Counts how often q-grams of five letters occur in texts, for `src/search/frequency.txt`: `cargo
//! bench --bench frequency -- TEXT…`. All texts have equal weight, so give one file for each kind of
//! text.

use std::collections::{BTreeMap, HashMap};
use std::{env, fs, process};

/// The least frequencies of the classes of the table, in occurrences per million bytes.
const CLASSES: [u32; 9] = [1024, 512, 256, 128, 64, 32, 16, 8, 4];

fn main() {
    // Cargo adds `--bench` to what the user gives.
    let paths: Vec<String> = env::args().skip(1).filter(|path| path != "--bench").collect();
    let mut rates: HashMap<String, f64> = HashMap::new();
    for path in &paths {
        let text = fs::read(path).unwrap_or_else(|error| {
            eprintln!("{path}: {error}");
            process::exit(2);
        });
        for q_gram in text.windows(5).filter_map(q_gram) {
            *rates.entry(q_gram).or_default() += 1e6 / text.len() as f64 / paths.len() as f64;
        }
    }
    let mut table: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (q_gram, rate) in rates {
        if let Some(class) = CLASSES.into_iter().find(|class| rate >= f64::from(*class)) {
            table.entry(class).or_default().push(q_gram);
        }
    }
    for (class, mut q_grams) in table.into_iter().rev() {
        q_grams.sort();
        println!("{class} {}", q_grams.join(" "));
    }
}

/// The q-gram of five letters in lower case, with `+` for a single blank; `None` for anything else.
fn q_gram(bytes: &[u8]) -> Option<String> {
    let letter = |byte: &u8| match byte {
        b' ' => Some('+'),
        b'_' => Some('_'),
        _ if byte.is_ascii_alphabetic() => Some(byte.to_ascii_lowercase().into()),
        _ => None,
    };
    let q_gram: String = bytes.iter().map(letter).collect::<Option<_>>()?;
    (!q_gram.contains("++")).then_some(q_gram)
}
