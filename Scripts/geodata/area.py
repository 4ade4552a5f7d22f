"""Just enough plane geometry to place people inside their commune: no library, metres around one commune."""

import math


class Area:
    """A commune's surface in metres around its centre, with points drawn around the town hall."""

    def __init__(self, geometry, town_hall):
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        first = polygons[0][0][0]
        self.metres_per_degree = (111_320 * math.cos(math.radians(first[1])), 111_132)
        self.origin = first
        self.polygons = [[[self.to_metres(p) for p in ring] for ring in polygon] for polygon in polygons]
        outer = max((polygon[0] for polygon in self.polygons), key=lambda ring: abs(signed_area(ring)))
        xs, ys = [p[0] for p in outer], [p[1] for p in outer]
        self.box = (min(xs), min(ys), max(xs), max(ys))
        self.radius = math.sqrt(abs(signed_area(outer)) / math.pi)
        self.centre = self.inner_point(outer, town_hall and self.to_metres(town_hall))

    def to_metres(self, position):
        """Longitude and latitude to metres east and north of the first vertex."""
        return tuple((value - start) * scale
                     for value, start, scale in zip(position, self.origin, self.metres_per_degree))

    def to_degrees(self, point):
        """Metres back to longitude and latitude, at the 6 decimals that the files carry."""
        return tuple(round(value / scale + start, 6)
                     for value, start, scale in zip(point, self.origin, self.metres_per_degree))

    def holds(self, point):
        """Whether a point, as it will be written, lies inside (even-odd rule over all rings)."""
        x, y = self.to_metres(self.to_degrees(point))
        inside = False
        for polygon in self.polygons:
            for ring in polygon:
                for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
                    if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                        inside = not inside
        return inside

    def inner_point(self, ring, town_hall):
        """The town hall when it lies inside; otherwise the middle of the widest span halfway up."""
        if town_hall and self.holds(town_hall):
            return town_hall
        y = (self.box[1] + self.box[3]) / 2 + 0.1
        crossings = sorted((x2 - x1) * (y - y1) / (y2 - y1) + x1
                           for (x1, y1), (x2, y2) in zip(ring, ring[1:]) if (y1 > y) != (y2 > y))
        left, right = max(zip(crossings[::2], crossings[1::2]), key=lambda span: span[1] - span[0])
        return ((left + right) / 2, y)

    def around_centre(self, random, spread):
        """A point inside, drawn from a bell of the given width (metres) around the centre."""
        for _ in range(200):
            distance = spread * math.sqrt(-2 * math.log(1 - random()))
            angle = 2 * math.pi * random()
            point = (self.centre[0] + distance * math.cos(angle), self.centre[1] + distance * math.sin(angle))
            if self.holds(point):
                return point
        return self.centre

    def anywhere(self, random):
        """A point drawn evenly over the surface."""
        for _ in range(1000):
            point = (self.box[0] + random() * (self.box[2] - self.box[0]),
                     self.box[1] + random() * (self.box[3] - self.box[1]))
            if self.holds(point):
                return point
        return self.centre


def signed_area(ring):
    """The shoelace area of a closed ring."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:])) / 2
