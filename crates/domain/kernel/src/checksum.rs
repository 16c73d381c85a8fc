//! A short sum of bytes that is the same for ever.

/// FNV-1a in 64 bits (Fowler, Noll and Vo, <http://www.isthe.com/chongo/tech/comp/fnv/>): tells accidents and gives stable
/// numbers. It is no protection against malice.
///
/// ```
/// use tradeport_kernel::fnv1a;
/// assert_eq!(fnv1a([]), 0xcbf2_9ce4_8422_2325);
/// assert_eq!(fnv1a(*b"a"), 0xaf63_dc4c_8601_ec8c);
/// assert_eq!(fnv1a(*b"foobar"), 0x8594_4171_f739_67e8);
/// ```
#[must_use]
pub fn fnv1a(bytes: impl IntoIterator<Item = u8>) -> u64 {
    let step = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, step)
}
