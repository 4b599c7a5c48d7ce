// Writes the outline of the United Kingdom, Ireland and the islands between as GeoJSON, for maps to be drawn on.
//
// The borders are Natural Earth's at 1:10,000,000 (https://www.naturalearthdata.com, public domain), as the package
// world-atlas carries them. What a map of 560 pixels cannot show is left out.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature } from "topojson-client";

// ISO 3166-1: United Kingdom, Ireland, Isle of Man, Guernsey, Jersey
const LAND = new Set(["826", "372", "833", "831", "832"]);
// degrees: a bend that leaves the straight line by less is no bend, an island with less of them across is none
const BEND = 0.008;
const ISLAND = 0.04;

const [target] = process.argv.slice(2);
const atlas = createRequire(import.meta.url).resolve("world-atlas/countries-10m.json");
const topology = JSON.parse(readFileSync(atlas, "utf8"));
const features = feature(topology, topology.objects.countries).features
  .filter((one) => LAND.has(one.id))
  .map((one) => ({ type: "Feature", properties: { name: one.properties.name }, geometry: simpler(one.geometry) }));
writeFileSync(target, JSON.stringify({ type: "FeatureCollection", features }) + "\n");

// Gives a geometry of whole polygons whose rings have the bends that are seen.
function simpler(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const coordinates = polygons
    .filter((rings) => across(rings[0]) > ISLAND)
    .map((rings) => rings.map(bent).filter((ring) => ring.length > 3));
  return { type: "MultiPolygon", coordinates };
}

function across(ring) {
  const spread = (axis) => Math.max(...ring.map((p) => p[axis])) - Math.min(...ring.map((p) => p[axis]));
  return Math.max(spread(0), spread(1));
}

// Gives a ring with the points that the algorithm of Douglas and Peucker keeps, to a hundred metres. A ring ends where
// it begins, so it is cut in two at the point that is farthest from there.
function bent(ring) {
  const far = ring.reduce((best, p, n) => (distance(p, ring[0], ring[0]) > distance(ring[best], ring[0], ring[0]) ? n : best), 0);
  const kept = [...between(ring.slice(0, far + 1)), ...between(ring.slice(far)).slice(1)];
  return kept.map(([east, north]) => [Number(east.toFixed(3)), Number(north.toFixed(3))]);
}

function between(points) {
  const [first, last] = [points[0], points.at(-1)];
  let farthest = 0;
  points.forEach((p, n) => {
    if (n > 0 && n < points.length - 1 && distance(p, first, last) > distance(points[farthest], first, last)) farthest = n;
  });
  if (farthest === 0 || distance(points[farthest], first, last) < BEND) return [first, last];
  return [...between(points.slice(0, farthest + 1)), ...between(points.slice(farthest)).slice(1)];
}

// Gives how far a point is from the line between two others.
function distance(p, a, b) {
  const [x, y] = [b[0] - a[0], b[1] - a[1]];
  const length = x * x + y * y;
  const part = length === 0 ? 0 : Math.max(0, Math.min(1, ((p[0] - a[0]) * x + (p[1] - a[1]) * y) / length));
  return Math.hypot(p[0] - a[0] - part * x, p[1] - a[1] - part * y);
}
