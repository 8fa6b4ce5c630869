//! Photographs inside other files keep their bytes; what the camera wrote beside the pixels is blanked in place.

use memchr::memmem::find_iter;

/// What stands at the head of a JPEG segment that tells of camera, place or author, and the marker before it.
const SEGMENTS: &[(u8, &[u8])] =
    &[(0xe1, b"Exif\0\0"), (0xe1, b"http://ns.adobe.com/xap/1.0/\0"), (0xed, b"Photoshop 3.0\0")];

/// Fills such segments with zeros; says whether there were any. Nothing is moved.
pub fn blank(bytes: &mut [u8]) -> bool {
    let mut found = Vec::new();
    for (marker, sign) in SEGMENTS {
        let mut until = 0;
        for at in find_iter(bytes, sign).filter(|at| *at >= 4) {
            if at < until {
                continue;
            }
            let Some(head) = at.checked_sub(4) else { continue };
            let Some([0xff, m, high, low]) = bytes.get(head..at).and_then(|h| <[u8; 4]>::try_from(h).ok())
            else {
                continue;
            };
            if m == *marker {
                // The length counts its own two bytes.
                let end = head + 2 + usize::from(u16::from_be_bytes([high, low]));
                until = end.min(bytes.len());
                found.push(at..until.max(at));
            }
        }
    }
    for range in &found {
        if let Some(part) = bytes.get_mut(range.clone()) {
            part.fill(0);
        }
    }
    !found.is_empty()
}
