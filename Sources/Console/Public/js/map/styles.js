/** OpenLayers styles, made once per theme. */
import { hatch, palette } from './palette.js'

const { Style, Fill, Stroke, Circle, RegularShape, Text } = ol.style
export const FONT = 'B612, "DejaVu Sans", sans-serif'

let made = null
/** @returns the styles of the theme in force */
export function styles() {
  const colours = palette()
  if (made?.colours !== colours) made = { colours, ...build(colours) }
  return made
}

function outline(line, halo, fill, dash, bold) {
  return [
    new Style({ fill: new Fill({ color: fill }), stroke: new Stroke({ color: halo, width: bold ? 7 : 5 }) }),
    new Style({ stroke: new Stroke({ color: line, width: bold ? 3.5 : 2.5, lineDash: dash, lineCap: 'butt' }) }),
  ]
}

function build(c) {
  const pattern = hatch(c.excludeHatch)
  const square = new RegularShape({ points: 4, angle: Math.PI / 4, radius: 9, fill: new Fill({ color: c.handle }), stroke: new Stroke({ color: c.handleLine, width: 2.5 }) })
  const disc = new Circle({ radius: 7.5, fill: new Fill({ color: c.handle }), stroke: new Stroke({ color: c.handleLine, width: 2.5 }) })
  return {
    land: new Style({ fill: new Fill({ color: c.land }), stroke: new Stroke({ color: c.border, width: 1 }) }),
    classes: [...c.ramp, c.unknown].map(color => new Style({ fill: new Fill({ color }), stroke: new Stroke({ color: c.border, width: 1 }) })),
    // Over a background map, which is to be read through them.
    landOver: new Style({ fill: new Fill({ color: c.landOver }), stroke: new Stroke({ color: c.borderOver, width: 1.2 }) }),
    classesOver: [...c.ramp, c.unknown].map(color => new Style({ fill: new Fill({ color: `${color}a6` }), stroke: new Stroke({ color: c.borderOver, width: 1.2 }) })),
    hover: new Style({ fill: new Fill({ color: c.hover }), stroke: new Stroke({ color: c.hoverLine, width: 2 }) }),
    alert: outline(c.alertLine, c.alertHalo, c.alertFill, [9, 5], false),
    alertBold: outline(c.alertLine, c.alertHalo, c.alertFill, [9, 5], true),
    exclude: outline(c.excludeLine, c.excludeHalo, pattern, [3, 4], false),
    excludeBold: outline(c.excludeLine, c.excludeHalo, pattern, [3, 4], true),
    within: outline(c.withinLine, c.withinHalo, c.withinFill, [14, 4, 2, 4], false),
    withinBold: outline(c.withinLine, c.withinHalo, c.withinFill, [14, 4, 2, 4], true),
    alertMany: new Style({ fill: new Fill({ color: c.alertFill }), stroke: new Stroke({ color: c.alertLine, width: 1 }) }),
    excludeMany: new Style({ fill: new Fill({ color: pattern }), stroke: new Stroke({ color: c.excludeLine, width: 1 }) }),
    withinMany: new Style({ fill: new Fill({ color: c.withinFill }), stroke: new Stroke({ color: c.withinLine, width: 1 }) }),
    margin: [
      new Style({ fill: new Fill({ color: c.marginFill }), stroke: new Stroke({ color: c.alertHalo, width: 4 }) }),
      new Style({ stroke: new Stroke({ color: c.alertLine, width: 1.8, lineDash: [2, 5], lineCap: 'round' }) }),
    ],
    saved: new Style({ fill: new Fill({ color: `${c.saved}14` }), stroke: new Stroke({ color: c.saved, width: 2, lineDash: [2, 4] }) }),
    savedBold: new Style({ fill: new Fill({ color: `${c.saved}33` }), stroke: new Stroke({ color: c.saved, width: 3.5 }) }),
    centre: new Style({ image: square }),
    edge: new Style({ image: disc }),
    vertex: new Style({ image: disc }),
    sketch: [
      new Style({ fill: new Fill({ color: c.alertFill }), stroke: new Stroke({ color: c.alertHalo, width: 5 }) }),
      new Style({ stroke: new Stroke({ color: c.alertLine, width: 2.5, lineDash: [9, 5] }), image: disc }),
    ],
    fault: new Style({
      image: new Circle({ radius: 13, fill: new Fill({ color: c.fault }), stroke: new Stroke({ color: c.alertHalo, width: 3 }) }),
      text: new Text({ text: '!', font: `bold 17px ${FONT}`, fill: new Fill({ color: c.faultText }), offsetY: 1 }),
    }),
  }
}

/** @param {string} text @param {boolean} large @param {number} shift pixels down */
export function nameStyle(text, large, shift) {
  const c = palette()
  return new Style({ text: new Text({ text, offsetY: shift, font: `${large ? 'bold 14px' : '12.5px'} ${FONT}`, fill: new Fill({ color: c.label }), stroke: new Stroke({ color: c.halo, width: 3.5 }), padding: [2, 4, 2, 4] }) })
}

/** Outside: a plain disc. Astride: the same inside a ring. Inside: wholly the ring's colour. @param {'out'|'part'|'in'} side @param {number} radius @param {string} label */
export function cellStyle(side, radius, label) {
  const c = palette()
  const disc = (size, fill, line, width) => new Circle({ radius: size, fill: new Fill({ color: fill }), stroke: new Stroke({ color: line, width }) })
  const text = new Text({ text: label, font: `bold ${radius < 12 ? 10.5 : 12.5}px ${FONT}`, fill: new Fill({ color: side === 'in' ? c.cellInText : c.cellText }), offsetY: 1 })
  if (side !== 'part') return new Style({ image: disc(radius, side === 'in' ? c.cellIn : c.cell, c.cellRing, 1.5), text })
  return [new Style({ image: disc(radius + 2, c.cellIn, c.cellRing, 1.5) }), new Style({ image: disc(radius - 2, c.cell, c.cellRing, 1), text })]
}
