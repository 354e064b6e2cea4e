//! QR codes that can be scanned.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qrcode::QrCode;
use qrcode::render::svg;

/// `text` as an image in a `data:` address; empty where it is too long for a code.
pub(crate) fn image(text: &str) -> String {
    let Ok(code) = QrCode::new(text.as_bytes()) else { return String::new() };
    let image = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    format!("data:image/svg+xml;base64,{}", STANDARD.encode(image))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_code_is_an_image() {
        assert!(super::image("upi://pay?pa=a@b").starts_with("data:image/svg+xml;base64,"));
        assert_eq!(super::image(&"x".repeat(10_000)), "");
    }
}
