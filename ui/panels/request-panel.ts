/** Follows one request: a list to choose from, its calls in both variants, and all there is to know of one call. */
import type { RequestFilter, RequestList } from '../../engine/requests.ts'
import type { Answer, Followed } from '../../workers/inspection-protocol.ts'
import type { Cell } from '../cell.ts'
import { el, setAll, setText } from '../dom.ts'
import { callTree, type CallTree } from '../facts/call-tree.ts'
import {
  headlineOf,
  noSuchRequest,
  opOf,
  pathWords,
  readRequest,
  sameness,
} from '../facts/request-words.ts'
import { callTable, listTable, whereWords } from '../facts/request-tables.ts'
import type { Table } from '../facts/table.ts'
import { MOST_FOLDED, waterfallRows, type CallRow, type FoldLevel } from '../facts/waterfall.ts'
import { count, wholePercent } from '../format.ts'
import type { Inspectors } from '../inspector.ts'
import { hearsLetters } from '../keys.ts'
import { recall, remember } from '../memory.ts'
import type { Runs } from '../runs.ts'
import { choose, type Selection } from '../selection.ts'
import { SIDES, type Side } from '../state.ts'
import type { Drawing, Repaintable } from '../view.ts'
import { requestListView, type ListModel } from '../views/request-list.ts'
import { focusRow, waterfallView, type RowPlace } from '../views/waterfall.ts'
import { showDetail } from './request-detail.ts'
import { requestParts, type RequestParts } from './request-parts.ts'
