//! Counts how often runs of five letters stand in texts, for `src/search/frequency.txt`: `cargo
//! bench --bench frequency -- TEXT…`. Every text given weighs the same, so give one file for each
//! kind of text.

use std::collections::{BTreeMap, HashMap};
use std::{env, fs, process};

/// Frequencies per million bytes that begin a line of the table.
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
        for gram in text.windows(5).filter_map(gram) {
            *rates.entry(gram).or_default() += 1e6 / text.len() as f64 / paths.len() as f64;
        }
    }
    let mut table: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (gram, rate) in rates {
        if let Some(class) = CLASSES.into_iter().find(|class| rate >= f64::from(*class)) {
            table.entry(class).or_default().push(gram);
        }
    }
    for (class, mut grams) in table.into_iter().rev() {
        grams.sort();
        println!("{class} {}", grams.join(" "));
    }
}

/// Five letters in lower case, `+` for a single blank; `None` for anything else.
fn gram(bytes: &[u8]) -> Option<String> {
    let letter = |byte: &u8| match byte {
        b' ' => Some('+'),
        b'_' => Some('_'),
        _ if byte.is_ascii_alphabetic() => Some(byte.to_ascii_lowercase().into()),
        _ => None,
    };
    let gram: String = bytes.iter().map(letter).collect::<Option<_>>()?;
    (!gram.contains("++")).then_some(gram)
}
