/**
 * Task lists: a list whose items know whether they are done.
 *
 * @module
 */

import { childNamed, textOf } from '../macro.ts'
import type { Renderer } from '../renderer.ts'
import type { XmlElement } from '../tree.ts'

export function renderTaskList(list: XmlElement, { out, render }: Renderer): void {
  out.element('ul', {}, () => render(list.children))
}

export function renderTask(task: XmlElement, { out, render }: Renderer): void {
  const done = textOf(childNamed(task, 'ac:task-status')).trim() === 'complete'
  out.element('li', { 'data-task': done ? 'complete' : 'incomplete' }, () => render(task.children))
}
