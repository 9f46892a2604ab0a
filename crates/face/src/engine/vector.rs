//! Four numbers at once.

pub(crate) use wide::f32x4;

/// Numbers in a vector.
pub(crate) const LANES: usize = 4;

/// `sum + a × b`, rounded once where the machine can do that as fast.
#[cfg(not(all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
#[inline]
pub(crate) fn add_product(sum: f32x4, a: f32x4, b: f32x4) -> f32x4 {
    a.mul_add(b, sum)
}

/// `sum + a × b`, rounded once where the machine can do that as fast.
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
#[inline]
pub(crate) fn add_product(sum: f32x4, a: f32x4, b: f32x4) -> f32x4 {
    use bytemuck::cast;
    cast(std::arch::wasm32::f32x4_relaxed_madd(cast(a), cast(b), cast(sum)))
}

/// `value` where it is positive, otherwise `slope × value`: slope 0 is `ReLU`, slope 1 leaves everything as it is.
#[inline]
pub(crate) fn bend(value: f32x4, slope: f32x4) -> f32x4 {
    let zero = f32x4::ZERO;
    value.fast_max(zero) + slope * value.fast_min(zero)
}

/// Numbers as vectors; `values` must be a multiple of four long, what is over is not seen.
#[inline]
pub(crate) fn vectors(values: &[f32]) -> &[[f32; LANES]] {
    values.as_chunks().0
}
