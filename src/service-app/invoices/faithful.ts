/** Which texts the PDF cannot show as they are written. */
import type { Font } from 'fontkit';

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const OTHER_LETTERS_OR_DIGITS =
  /(?![\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}])[\p{L}\p{N}]/u;
/** Scripts whose letters take other shapes and places beside each other; the font for them has no rules for that. */
const SHAPED =
  /[\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Thai}\p{Script=Lao}\p{Script=Tibetan}\p{Script=Myanmar}\p{Script=Khmer}\p{Script=Mongolian}]/u;

/**
 * Whether a text set in this font looks as it is written: every character has a glyph, text from right to left stands
 * alone, and no letter needs a shape that depends on its neighbours.
 */
export const isFaithful = (text: string, font: Font): boolean =>
  [...text].every((character) => font.hasGlyphForCodePoint(character.codePointAt(0)!)) &&
  !(RIGHT_TO_LEFT.test(text) && OTHER_LETTERS_OR_DIGITS.test(text)) &&
  !SHAPED.test(text);
