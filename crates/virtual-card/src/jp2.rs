//! JPEG 2000 encoding (ISO/IEC 15444-1, JP2 container), through the Rust port of `OpenJPEG`.

use openjp2::{
    Codec, Stream, openjpeg::OPJ_CODEC_JP2, opj_cparameters_t, opj_image, opj_image_comptparm,
};

/// Encodes 8-bit grey pixels (row-major, `width`×`height`) to a JP2 file of about `target` bytes, lossy (9/7 wavelet).
///
/// The encoder only knows how to write to a file by name; the file is one that lives in memory.
pub(crate) fn encode(
    grey: &[u8],
    width: u32,
    height: u32,
    target: usize,
) -> Result<Vec<u8>, &'static str> {
    let component = opj_image_comptparm {
        dx: 1,
        dy: 1,
        w: width,
        h: height,
        x0: 0,
        y0: 0,
        prec: 8,
        bpp: 8,
        sgnd: 0,
    };
    let mut picture = opj_image::create(&[component], openjp2::openjpeg::OPJ_CLRSPC_GRAY)
        .ok_or("no memory for the picture")?;
    (picture.x1, picture.y1) = (width, height);
    let samples = picture
        .comps_mut()
        .and_then(|c| c.first_mut())
        .and_then(|c| c.data_mut())
        .ok_or("no samples")?;
    if samples.len() != grey.len() {
        return Err("the picture has another size than said");
    }
    for (sample, pixel) in samples.iter_mut().zip(grey) {
        *sample = i32::from(*pixel);
    }
    let mut parameters = opj_cparameters_t {
        irreversible: 1,
        tcp_numlayers: 1,
        cp_disto_alloc: 1,
        ..Default::default()
    };
    #[expect(clippy::cast_precision_loss, reason = "a compression ratio")]
    let ratio = grey.len() as f32 / target.max(1) as f32;
    parameters.tcp_rates[0] = ratio;
    let file = MemoryFile::new().map_err(|_| "no file in memory")?;
    let mut stream =
        Stream::new_file(file.path(), 1 << 16, false).map_err(|_| "no file in memory")?;
    let mut codec = Codec::new_encoder(OPJ_CODEC_JP2).ok_or("no encoder")?;
    let done = codec.setup_encoder(&mut parameters, &mut picture) == 1
        && codec.start_compress(&mut picture, &mut stream) == 1
        && codec.encode(&mut stream) == 1
        && codec.end_compress(&mut stream) == 1;
    // The stream writes its last bytes when it goes.
    drop(stream);
    if let Some(samples) =
        picture.comps_mut().and_then(|c| c.first_mut()).and_then(|c| c.data_mut())
    {
        samples.fill(0);
    }
    if done {
        file.read().map_err(|_| "the file in memory is not readable")
    } else {
        Err("the encoder refused")
    }
}

#[cfg(target_os = "linux")]
struct MemoryFile(std::os::fd::OwnedFd);

#[cfg(target_os = "linux")]
impl MemoryFile {
    fn new() -> std::io::Result<Self> {
        Ok(Self(rustix::fs::memfd_create("portrait", rustix::fs::MemfdFlags::CLOEXEC)?))
    }

    fn path(&self) -> std::path::PathBuf {
        use std::os::fd::AsRawFd as _;
        format!("/proc/self/fd/{}", self.0.as_raw_fd()).into()
    }

    fn read(&self) -> std::io::Result<Vec<u8>> {
        std::fs::read(self.path())
    }
}

/// Elsewhere a temporary file, removed on drop: practice pictures come from files anyway.
#[cfg(not(target_os = "linux"))]
struct MemoryFile(tempfile::TempPath);

#[cfg(not(target_os = "linux"))]
impl MemoryFile {
    fn new() -> std::io::Result<Self> {
        Ok(Self(tempfile::NamedTempFile::new()?.into_temp_path()))
    }

    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn read(&self) -> std::io::Result<Vec<u8>> {
        std::fs::read(&self.0)
    }
}
