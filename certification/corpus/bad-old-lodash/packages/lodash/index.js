exports.clamp = (value) => value
