//! Ids, tokens and everything else that is drawn: the same for the same seed and the same requests.

/// The source of ids.
#[derive(Debug)]
pub(crate) struct Ids {
    random: fastrand::Rng,
    serial: u64,
    /// How often something was drawn.
    drawn: u64,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        // Numbers begin elsewhere for each seed, so that ids of an earlier run do not come again.
        let serial = random.u64(..900_000) * 1000;
        Self { random, serial, drawn: 0 }
    }

    /// How often something was drawn: a call that has drawn has changed the state.
    pub(crate) fn drawn(&self) -> u64 {
        self.drawn
    }

    /// The next number; they have the length that Cashfree's have.
    pub(crate) fn number(&mut self) -> u64 {
        self.drawn += 1;
        self.serial += 1;
        5_114_910_000 + self.serial
    }

    /// A number that fits 32 bits, where the API declares one.
    pub(crate) fn short(&mut self) -> u64 {
        self.number() % 1_000_000_000
    }

    /// A token of `length` letters and digits.
    pub(crate) fn token(&mut self, length: usize) -> String {
        self.drawn += 1;
        (0..length).map(|_| self.random.alphanumeric()).collect()
    }

    /// A random UUID, version 4.
    pub(crate) fn uuid(&mut self) -> String {
        self.drawn += 1;
        let high = self.random.u64(..) & 0xffff_ffff_ffff_0fff | 0x4000;
        let low = self.random.u64(..) & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000;
        let (a, b, c) = (high >> 32, high >> 16 & 0xffff, high & 0xffff);
        format!("{a:08x}-{b:04x}-{c:04x}-{:04x}-{:012x}", low >> 48, low & 0xffff_ffff_ffff)
    }

    /// 32 random bytes, for keys.
    pub(crate) fn bytes(&mut self) -> [u8; 32] {
        self.drawn += 1;
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes);
        bytes
    }
}
