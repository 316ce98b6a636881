//! How much a catalog may hold. A catalog may come from anybody: none of them makes the program
//! slow, large or fall over, and whatever goes beyond a limit is one fault with file and line. The
//! built-in catalog keeps them, too.

/// Bytes of a file. The largest file of the built-in catalog has an eighth of it.
pub const FILE: usize = 1 << 20;
/// Faults of a file that are listed.
pub const FAULTS: usize = 100;
/// Rules (messages, `api`, `regex`) that all files of users have together: a search looks for all of
/// them at once. The built-in catalog has 3,900.
pub const RULES: usize = 5_000;
/// Regular expressions among them: each may have a hundred alternatives to be looked for.
pub const REGEXES: usize = 200;
/// Anchors that the rules of users have together: the alternatives of an expression have one each, a
/// message without a word of six letters a hundred. The search numbers the q-grams of all anchors,
/// two for each, with 16 bits.
pub const ANCHORS: usize = 30_000;
/// Characters of an id: `--list` has a column for it.
pub const ID: usize = 64;
/// Bytes of any other text that is shown.
pub const TEXT: usize = 2_000;
/// Bytes of a message: it must fit into the 4 KiB that are looked at from where it begins.
pub const MESSAGE: usize = 1_000;
/// Placeholders and wildcards of a message.
pub const PLACEHOLDERS: usize = 6;
/// Bytes of a regular expression.
pub const REGEX: usize = 1_000;
/// Characters of a regular expression with every repetition written out: it then fits into the
/// mebibyte that it is compiled into.
pub const REGEX_SIZE: usize = 6_000;
/// Bytes of a form of a provenance rule.
pub const FORM: usize = 200;
/// Provenance rules of users: each is tried on every line around an error.
pub const PROVENANCE_RULES: usize = 200;
/// Lists of forms that all files have together.
pub const LISTS: usize = 200;
