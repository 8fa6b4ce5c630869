//! The files of the example: drawn here, so that nobody's photograph is in the program.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::actor::Actor;
use crate::app::App;
use crate::attachment::{self, Upload};
use crate::problem::Problem;

/// Opinions of the content that came with files, by key.
pub const WITH_FILES: &[&str] = &["v02", "v10"];

/// Sends a file as anybody would; its ticket.
pub async fn send(app: &App, name: &str, bytes: &[u8]) -> Result<String, Problem> {
    let sent = Upload::of(name, bytes)?;
    Ok(attachment::upload(app, &Actor::system(), sent).await?.ticket)
}

/// What came with an opinion.
pub async fn of_opinion(app: &App, key: &str) -> Result<Vec<String>, Problem> {
    if !WITH_FILES.contains(&key) {
        return Ok(Vec::new());
    }
    let words = "        19:00  20:00  21:00\n周一  团体   团体   团体\n周二  团体   团体   空闲\n周三  团体   团体   团体\n周四  团体   团体   空闲\n周五  团体   团体   团体\n";
    Ok(vec![
        send(app, "两周订场记录.png", &bookings()?).await?,
        send(app, "订场记录.txt", words.as_bytes()).await?,
    ])
}

/// Two weeks of evenings: booked and free.
fn bookings() -> Result<Vec<u8>, Problem> {
    const CELL: u32 = 40;
    let (days, hours) = (14, 6);
    let booked = Rgb([196, 84, 60]);
    let free = Rgb([126, 170, 120]);
    draw(days * CELL, hours * CELL, |x, y| {
        let (day, hour) = (x / CELL, y / CELL);
        if x % CELL < 2 || y % CELL < 2 {
            return Rgb([255, 255, 255]);
        }
        let weekend = day % 7 >= 5;
        if !weekend && (hour < 4 || (day + hour) % 3 == 0) { booked } else { free }
    })
}

/// A training hall from above: floor, lanes, a door.
pub fn hall() -> Result<Vec<u8>, Problem> {
    draw(800, 500, |x, y| {
        let wall = x < 16 || y < 16 || x >= 784 || y >= 484;
        let door = y >= 484 && (340..460).contains(&x);
        let line = (x % 190 < 4 && (60..440).contains(&y)) || (y.abs_diff(250) < 2);
        match (wall && !door, line) {
            (true, _) => Rgb([96, 104, 112]),
            (false, true) => Rgb([250, 250, 246]),
            (false, false) => Rgb([206, 176, 132]),
        }
    })
}

fn draw(width: u32, height: u32, color: impl Fn(u32, u32) -> Rgb<u8>) -> Result<Vec<u8>, Problem> {
    let mut out = Cursor::new(Vec::new());
    let image = DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, color));
    image.write_to(&mut out, ImageFormat::Png).map_err(Problem::internal)?;
    Ok(out.into_inner())
}
