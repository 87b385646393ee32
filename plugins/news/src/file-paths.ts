/** Path of an article's image inside the plugin. It names the file too, so that another image has another address. */
export function imagePath(articleId: string, fileId: string): string {
  return `/images/${encodeURIComponent(articleId)}/${encodeURIComponent(fileId)}`
}

/** Path of an attachment inside the plugin. */
export function attachmentPath(attachmentId: string): string {
  return `/pieces-jointes/${encodeURIComponent(attachmentId)}`
}
