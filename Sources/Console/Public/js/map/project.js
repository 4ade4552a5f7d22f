/** Between the map's metres (EPSG:3857) and positions (WGS84, longitude first). */
export const toMap = position => ol.proj.fromLonLat(position)
export const toPosition = coordinate => /** @type {[number, number]} */ (ol.proj.toLonLat(coordinate))
export const ringToMap = ring => ring.map(toMap)
export const extentToMap = bounds => ol.proj.transformExtent(bounds, 'EPSG:4326', 'EPSG:3857')
export const extentToBounds = extent => ol.proj.transformExtent(extent, 'EPSG:3857', 'EPSG:4326')
const format = new ol.format.GeoJSON({ dataProjection: 'EPSG:4326', featureProjection: 'EPSG:3857' })
/** @param {{type:string, coordinates:any}} geometry */
export const geometryToMap = geometry => format.readGeometry(geometry)
/** @param {any} geometry OpenLayers geometry @returns {{type:string, coordinates:any}} */
export const geometryFromMap = geometry => format.writeGeometryObject(geometry, { decimals: 7 })
