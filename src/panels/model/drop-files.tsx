// Files dropped anywhere on the page are offered as a model.

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OwnFile } from '#protocol/model-api'
import { useServices } from '../shared/app-context.tsx'

/** A folder deeper than a model's, or one with more files, is another kind of folder. */
const MAX_DEPTH = 4
const MAX_FILES = 200

export function DropFiles() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const [over, setOver] = useState(false)
  useEffect(() => {
    const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true
    const onOver = (event: DragEvent): void => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false)
    }
    const onDrop = (event: DragEvent): void => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      setOver(false)
      void droppedFiles(event.dataTransfer).then(actions.chooseFiles)
    }
    window.addEventListener('dragover', onOver)
    window.addEventListener('dragleave', onLeave)
    window.addEventListener('drop', onDrop)
    return () => {
      window.removeEventListener('dragover', onOver)
      window.removeEventListener('dragleave', onLeave)
      window.removeEventListener('drop', onDrop)
    }
  }, [actions])
  return over ? (
    <div className="drop-hint" aria-hidden="true">
      {t('model.drop')}
    </div>
  ) : null
}

/**
 * Dropped files, and those of dropped folders. The list is gone after the event, so all of it is taken at once. Files are taken as such:
 * WebKit's entries read only those that lie on a disk.
 */
async function droppedFiles(transfer: DataTransfer | null): Promise<readonly OwnFile[]> {
  const taken = Array.from(transfer?.items ?? [], (item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  const found: OwnFile[] = []
  for (const { entry, file } of taken) {
    if (entry !== null && isFolder(entry)) await collect(entry, 0, found)
    else if (file !== null) found.push({ path: file.name, blob: file })
  }
  return found
}

async function collect(entry: FileSystemEntry, depth: number, found: OwnFile[]): Promise<void> {
  if (found.length >= MAX_FILES || depth > MAX_DEPTH) return
  if (isFile(entry)) {
    // What cannot be read is as good as not dropped: a file that the model needs is then said to be missing.
    const blob = await new Promise<File | null>((resolve) => entry.file(resolve, () => resolve(null)))
    if (blob !== null) found.push({ path: entry.fullPath.replace(/^\//, ''), blob })
  } else if (isFolder(entry)) {
    for (const child of await childrenOf(entry)) await collect(child, depth + 1, found)
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}

/** A reader gives a folder in pieces, and an empty one at the end. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader()
  const children: FileSystemEntry[] = []
  for (;;) {
    const piece = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])))
    if (piece.length === 0) return children
    children.push(...piece)
  }
}
