//! HTTP statuses and the reason phrases printed beside them (RFC 9110, section 15): the search knows a
//! status by either.

/// The statuses and the reason phrases that are printed for them: IANA's registry of HTTP status
/// codes, and what proxies and the API use beside it.
#[rustfmt::skip]
pub(crate) const REASONS: &[(u16, &[&str])] = &[
    (400, &["Bad Request"]), (401, &["Unauthorized"]), (402, &["Payment Required"]), (403, &["Forbidden"]),
    (404, &["Not Found"]), (405, &["Method Not Allowed"]), (406, &["Not Acceptable"]),
    (407, &["Proxy Authentication Required"]), (408, &["Request Timeout", "Request Time-out"]),
    (409, &["Conflict"]), (410, &[]), (411, &["Length Required"]), (412, &["Precondition Failed"]),
    (413, &["Content Too Large", "Payload Too Large", "Request Entity Too Large"]),
    (414, &["URI Too Long", "Request-URI Too Long"]), (415, &["Unsupported Media Type"]),
    (416, &["Range Not Satisfiable"]), (417, &["Expectation Failed"]), (418, &["I'm a teapot"]),
    (421, &["Misdirected Request"]), (422, &["Unprocessable Content", "Unprocessable Entity"]),
    (423, &[]), (424, &["Failed Dependency"]), (425, &["Too Early"]), (426, &["Upgrade Required"]),
    (428, &["Precondition Required"]), (429, &["Too Many Requests"]),
    (431, &["Request Header Fields Too Large"]), (451, &["Unavailable For Legal Reasons"]),
    (444, &[]), (449, &[]), (460, &[]), (463, &[]), (464, &[]), (494, &["Request Header Or Cookie Too Large"]),
    (495, &["SSL Certificate Error"]), (496, &["SSL Certificate Required"]), (497, &[]),
    (498, &["Invalid Token"]), (499, &["Client Closed Request"]),
    (500, &["Internal Server Error"]), (501, &["Not Implemented"]), (502, &["Bad Gateway"]),
    (503, &["Service Unavailable", "Service Temporarily Unavailable"]),
    (504, &["Gateway Timeout", "Gateway Time-out"]), (505, &["HTTP Version Not Supported"]),
    (506, &["Variant Also Negotiates"]), (507, &["Insufficient Storage"]), (508, &["Loop Detected"]),
    (509, &["Bandwidth Limit Exceeded"]), (510, &["Not Extended"]), (511, &["Network Authentication Required"]),
    (520, &[]), (521, &[]), (522, &[]), (523, &[]), (524, &[]), (525, &[]), (526, &[]), (527, &[]),
    (529, &["Site is overloaded"]), (530, &[]), (540, &[]), (561, &[]), (598, &[]),
];

/// Every reason phrase.
pub(crate) fn phrases() -> impl Iterator<Item = &'static str> {
    REASONS.iter().flat_map(|(_, phrases)| phrases.iter().copied())
}
