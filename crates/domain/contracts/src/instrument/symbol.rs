//! The platform's name of an instrument.

use super::Instrument;
use tradeport_kernel::{Symbol, fnv1a};

/// How much of a long notation stays readable: with `#` and thirteen characters of digest it fills a [`Symbol`].
const READABLE: usize = 17;
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Instrument {
    /// The platform's name: its notation when that has at most 31 characters, else the beginning of it, `#`, and a
    /// digest of the whole.
    ///
    /// A name with a digest cannot be read back; a catalog knows what it stands for. The digest is stable: it will
    /// be the same in every later version.
    ///
    /// ```
    /// use tradeport_contracts::Instrument;
    /// let call: Instrument = "AAPL 20250117C150".parse()?;
    /// assert_eq!(call.symbol().as_str(), "AAPL 20250117C150");
    /// let pair: Instrument = "combo:IBKR,MCD;leg=+1x43645865@SMART;leg=-1x9408@SMART".parse()?;
    /// assert_eq!(pair.symbol().as_str(), "combo:IBKR,MCD;le#024AY2MG05ASF");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    #[must_use]
    pub fn symbol(&self) -> Symbol {
        let notation = self.to_string();
        Symbol::new(&notation).unwrap_or_else(|_| {
            let readable = notation[..READABLE.min(notation.len())].trim_end();
            Symbol::new(&format!("{readable}#{}", digest(&notation)))
                .expect("17, 1 and 13 ASCII characters fit")
        })
    }
}

/// Thirteen characters of base 32 (Crockford's alphabet) over 64 bits: FNV-1a, stirred by the last steps of
/// SplitMix64 so that one changed character changes all of them.
fn digest(text: &str) -> String {
    let mut hash = fnv1a(text.bytes());
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^= hash >> 31;
    let letter = |at: u32| {
        let five_bits = usize::try_from((hash >> (5 * at)) & 31).expect("five bits fit");
        char::from(ALPHABET[five_bits])
    };
    (0..13).rev().map(letter).collect()
}
