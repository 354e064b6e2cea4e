//! What becomes of a body on a bad way: pieces of it lost, doubled, cut, and others put in their place.

/// Pieces that mean something to a parser of JSON or of forms.
const PIECES: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b":",
    b",",
    b"\\",
    b"\\u0070",
    b"\\ud800",
    b"null",
    b"true",
    b"-0",
    b"0.1",
    b"1e2",
    b"1e999",
    b"99999999999999999999999999999999999999",
    b"\"NA\"",
    b"\"\"",
    b"[]",
    b"{}",
    b"=",
    b"&",
    b"%",
    b"%ff",
    b"+",
    b"\n",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\"type\":\"X\"",
    b"{\"upi\":{}}",
    b"\"payment_method\":",
    b"\"order_amount\":1,",
];

pub(crate) fn damage(random: &mut fastrand::Rng, body: &mut Vec<u8>) {
    let at = random.usize(..=body.len());
    let to = at + random.usize(..=(body.len() - at).min(40));
    let piece = PIECES[random.usize(..PIECES.len())];
    match random.u8(..6) {
        0 if at < body.len() => body[at] ^= 1 << random.u8(..8),
        1 => drop(body.drain(at..to)),
        2 => body.truncate(at),
        3 => {
            let copy = body[at..to].to_vec();
            let target = random.usize(..=body.len());
            body.splice(target..target, copy);
        }
        4 => {
            // Now and then deeper than anyone nests.
            let times = if random.u8(..10) == 0 { 81 } else { random.usize(1..4) };
            body.splice(at..at, piece.repeat(times));
        }
        _ => drop(body.splice(at..to, piece.iter().copied())),
    }
}
