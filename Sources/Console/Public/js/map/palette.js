/** The map's colours by day and by night. Red stays the perimeter's; blue is coverage's only hue. */
import { theme } from '../core/theme.js'

const DAY = {
  land: '#f4f6f7', border: '#b9c4cc', landOver: 'rgba(244, 246, 247, 0.25)', borderOver: '#6d7f8d', ramp: ['#edf3f9', '#c3d9ec', '#8bb9dd', '#4a8fc4', '#1a639c'], unknown: '#e3e3e0',
  label: '#22313d', halo: '#ffffff', hover: 'rgba(11, 90, 138, 0.16)', hoverLine: '#0b5a8a',
  alertLine: '#b3131b', alertHalo: '#ffffff', alertFill: 'rgba(222, 140, 20, 0.20)',
  excludeLine: '#2a3640', excludeHalo: '#ffffff', excludeHatch: 'rgba(42, 54, 64, 0.55)',
  withinLine: '#0b5a8a', withinHalo: '#ffffff', withinFill: 'rgba(11, 90, 138, 0.05)', marginFill: 'rgba(222, 140, 20, 0.10)',
  cell: '#1b2c3c', cellText: '#ffffff', cellRing: '#ffffff', cellIn: '#a34f00', cellInText: '#ffffff', handle: '#ffffff', handleLine: '#b3131b',
  saved: '#5b3f8c', fault: '#b3131b', faultText: '#ffffff',
}
const NIGHT = {
  land: '#1a2732', border: '#3b4d5b', landOver: 'rgba(26, 39, 50, 0.35)', borderOver: '#7d93a5', ramp: ['#1e3040', '#21486a', '#2a6796', '#4590c6', '#8cc4ee'], unknown: '#2b2f33',
  label: '#d3dee7', halo: '#101920', hover: 'rgba(126, 190, 236, 0.22)', hoverLine: '#7ebeec',
  alertLine: '#ff8178', alertHalo: '#0c1319', alertFill: 'rgba(255, 164, 61, 0.20)',
  excludeLine: '#dfe7ed', excludeHalo: '#0c1319', excludeHatch: 'rgba(223, 231, 237, 0.45)',
  withinLine: '#7ebeec', withinHalo: '#0c1319', withinFill: 'rgba(126, 190, 236, 0.07)', marginFill: 'rgba(255, 164, 61, 0.10)',
  cell: '#d7e3ec', cellText: '#101920', cellRing: '#101920', cellIn: '#ffc46b', cellInText: '#101920', handle: '#0c1319', handleLine: '#ff8178',
  saved: '#b79af0', fault: '#ff8178', faultText: '#101920',
}

export const palette = () => (theme() === 'night' ? NIGHT : DAY)

/** A 45° hatch for what is excluded: a pattern, not only a colour. @param {string} colour @returns {CanvasPattern} */
export function hatch(colour) {
  const tile = document.createElement('canvas')
  tile.width = 10
  tile.height = 10
  const context = tile.getContext('2d')
  context.strokeStyle = colour
  context.lineWidth = 1.6
  context.beginPath()
  for (const start of [-10, 0, 10]) { context.moveTo(start, 10); context.lineTo(start + 10, 0) }
  context.stroke()
  return context.createPattern(tile, 'repeat')
}
