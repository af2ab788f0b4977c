// What one line says of each known field, before anybody asks whether it makes sense; reused for the next line.
import { ExtraFields } from './extra.ts'
import { MentionView } from './mention-view.ts'
import { JsonScanner } from './scan-json.ts'
import { keyCount } from './scan-keys.ts'

export class ScannedLine {
  readonly view = new MentionView()
  readonly json = new JsonScanner()
  readonly extra = new ExtraFields()
  // By index of scan-keys.ts; of fields of one name the last stands.
  readonly kinds = new Uint8Array(keyCount) // of kindOf; 0: not there
  readonly raws = new Int32Array(2 * keyCount) // start and end of the value as it stands
  readonly texts = new Int32Array(2 * keyCount) // start and end of the decoded string
  platformStart = 0 // platform of the subject; start = end where it has none
  platformEnd = 0
  platformToken = '' // the subject's token as it stands, for the reject detail
  platformDiffers = false // the mention names another platform than its subject
  unknownFields = 0 // of the last mention
  wrongTypes = 0
}
