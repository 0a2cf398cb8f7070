-- The last touches on a document before it is written, in Quarto (at post-render) and in braid's own renderer.

local is_docx = FORMAT:match("docx") ~= nil
local is_typst = FORMAT:match("typst") ~= nil

-- Characters that fit into one line of a page in a table of the usual size (9 points).
local LINE = 94
local PADDING = 2.2

-- A table of many columns is set smaller, so that its cells need not break: sizes by the characters of its rows.
-- braid.rendering.finish_docx has the same steps for Word, where a filter cannot set a size.
local MANY = 6
local SIZES = { { over = 122, points = 7.2 }, { over = 108, points = 7.6 }, { over = 94, points = 8.2 } }
local LONGEST = 40

-- Capitals and round letters are wider than digits and brackets.
local function longest_word(text)
  local longest = 0
  for word in text:gmatch("%S+") do
    longest = math.max(longest, utf8.len(word) * (word:match("%a%a%a") and 1.15 or 1))
  end
  return longest
end

-- Of a table, a row or a cell pandoc should be asked first for what is small and last for what is large: every
-- question hands over again what was asked for before.

local function what_is_said(cell)
  local col_span, row_span = cell.col_span, cell.row_span
  return { col_span = col_span, row_span = row_span, text = pandoc.utils.stringify(cell.contents) }
end

-- What each column needs (its longest word) and would like (its longest cell); a head may wrap, and cells that
-- span columns ask for nothing.
local function column_wishes(columns, head, bodies, said)
  local least, wish = {}, {}
  for i = 1, columns do
    least[i], wish[i] = 3, 3
  end
  local taken = {}
  local function look(rows, is_head)
    taken = {}
    for _, row in ipairs(rows) do
      local column = 1
      for _, cell in ipairs(row.cells) do
        while taken[column] and taken[column] > 0 do
          taken[column] = taken[column] - 1
          column = column + 1
        end
        local known = said[cell] or what_is_said(cell)
        local col_span, row_span = known.col_span, known.row_span
        if col_span == 1 and column <= columns then
          local text = known.text
          local word = longest_word(text)
          least[column] = math.max(least[column], word)
          wish[column] = math.max(wish[column], is_head and word or utf8.len(text))
        end
        for i = column, column + col_span - 1 do
          if row_span > 1 then
            taken[i] = (taken[i] or 0) + row_span - 1
          end
        end
        column = column + col_span
      end
      while column <= columns do
        if taken[column] and taken[column] > 0 then
          taken[column] = taken[column] - 1
        end
        column = column + 1
      end
    end
  end
  look(head.rows, true)
  for _, body in ipairs(bodies) do
    look(body.head, false)
    look(body.body, false)
  end
  return least, wish
end

local function points_for(wish)
  local total = 0
  for _, characters in ipairs(wish) do
    total = total + math.min(characters, LONGEST) + PADDING
  end
  for _, step in ipairs(SIZES) do
    if #wish >= MANY and total > step.over then
      return step.points
    end
  end
  return 9
end

-- A long text asks for more than a short one, but not for as much more as it is longer.
local function tamed(wish)
  return wish <= 60 and wish or 60 + (wish - 60) ^ 0.7
end

-- A table of sentences rather than numbers: typst would give all its columns the same width.
local function is_prose(wish)
  local total = 0
  for _, characters in ipairs(wish) do
    total = total + math.min(characters, 60) + PADDING
  end
  return #wish < MANY and total > LINE
end

-- Widths as shares of the page: every column its longest word, the rest by what it would like.
local function column_widths(least, wish)
  local line = LINE * 9 / points_for(wish)
  local needed, wished = 0, 0
  for i = 1, #least do
    least[i], wish[i] = least[i] + PADDING, tamed(wish[i]) + PADDING
    wish[i] = math.max(wish[i], least[i])
    needed, wished = needed + least[i], wished + wish[i]
  end
  line = math.max(line, needed)
  local widths = {}
  for i = 1, #least do
    if wished <= line then
      widths[i] = wish[i] / line
    else
      local spare = wished > needed and (line - needed) / (wished - needed) or 0
      widths[i] = (least[i] + (wish[i] - least[i]) * spare) / line
    end
  end
  return widths
end

-- Whether a text begins with a letter that is written from right to left (Hebrew, Arabic and their kin, by their
-- first bytes); signs of three bytes such as quotation marks stand aside.
local function is_rtl(text)
  return text:gsub("\u{200f}", ""):gsub("\xe2..", ""):match("^[%s%p%d]*[\xd6-\xdf]") ~= nil
end

local SPACELESS = { Space = function() return pandoc.Str("\u{a0}") end }

-- To walk through a cell takes longer than all else that is done with it, and most are one line of words.
local function without_spaces(blocks)
  if #blocks ~= 1 or blocks[1].t ~= "Plain" then
    return blocks:walk(SPACELESS)
  end
  local inlines = blocks[1].content
  for i, inline in ipairs(inlines) do
    local tag = inline.t
    if tag == "Space" then
      inlines[i] = pandoc.Str("\u{a0}")
    elseif tag ~= "Str" then
      inlines[i] = inline:walk(SPACELESS)
    end
  end
  return { pandoc.Plain(inlines) }
end

-- A number, an interval or a p value never breaks at its spaces. What the cell says is kept in said: to ask
-- pandoc for it takes longer than all that is done with it.
local function keep_together(cell, said)
  local known = what_is_said(cell)
  local text = known.text
  if utf8.len(text) <= 24 and text:match("%d") and not text:match("%a%a%a") then
    if FORMAT:match("html") then
      cell.attr.classes:insert("figures")
    end
    if text:find(" ", 1, true) then
      cell.contents = without_spaces(cell.contents)
      text = pandoc.utils.stringify(cell.contents)
    end
  end
  if is_rtl(text) then
    if is_docx then
      cell.contents = { pandoc.Div(cell.contents, pandoc.Attr("", {}, { dir = "rtl" })) }
    else
      cell.attr.attributes[is_typst and "typst:text:dir" or "dir"] = "rtl"
    end
  end
  known.text = text
  said[cell] = known
end

local function each_cell(rows, change, said)
  for _, row in ipairs(rows) do
    for _, cell in ipairs(row.cells) do
      change(cell, said)
    end
  end
end

-- A head that spans columns stands over their middle, with a rule under it.
local function head_cell(cell)
  if cell.col_span > 1 then
    cell.alignment = pandoc.AlignCenter
  end
  if is_typst then
    cell.attr.attributes["typst:text:weight"] = '"bold"'
    cell.attr.attributes["typst:stroke"] = cell.col_span > 1 and "(bottom: 0.5pt)" or nil
  end
end

-- A label over the whole width goes to the next page with the row that it stands above; pandoc has no word for it.
local function with_row_labels(tbl, columns)
  local text = pandoc.write(pandoc.Pandoc({ tbl }), "typst", { wrap_text = "none" })
  local label = "\n *(table%.cell%(colspan: " .. columns .. "[,%)][^\n]*%]),"
  return pandoc.RawBlock("typst", (text:gsub(label, "\n  report-row-label(%1),")))
end

local function has_row_labels(bodies, columns)
  for _, body in ipairs(bodies) do
    for _, row in ipairs(body.body) do
      if columns > 1 and #row.cells == 1 and row.cells[1].col_span == columns then
        return true
      end
    end
  end
  return false
end

local function set_table(tbl)
  local attr, colspecs, head, bodies = tbl.attr, tbl.colspecs, tbl.head, tbl.bodies
  local said = {}
  for _, body in ipairs(bodies) do
    each_cell(body.body, keep_together, said)
  end
  local widths, points = {}, 9
  if is_docx or is_typst then
    local least, wish = column_wishes(#colspecs, head, bodies, said)
    points = points_for(wish)
    widths = (is_docx or is_prose(wish)) and column_widths(least, wish) or {}
  end
  for i, spec in ipairs(colspecs) do
    colspecs[i] = { spec[1], widths[i] }
  end
  each_cell(head.rows, head_cell)
  if is_typst then
    attr.classes:insert("typst:no-figure")
    if points < 9 then
      attr.attributes["typst:text:size"] = points .. "pt"
    end
    if has_row_labels(bodies, #colspecs) then
      return with_row_labels(tbl, #colspecs)
    end
  end
  return tbl
end

-- Where a notebook lies on the machine that rendered is nobody's business. In print the frames that Quarto puts
-- around an embedded cell go as well: inside of them a figure could not move to the head of a page.
local function forget_notebook(el)
  local attributes = el.attr.attributes
  local known = attributes["notebook"] or attributes["notebook-cellId"]
  if known then
    attributes["notebook"] = nil
    attributes["notebook-cellId"] = nil
  end
  local is_frame = el.classes:includes("quarto-embed-nb-cell") or el.classes:includes("cell")
  if is_typst and is_frame and (el.identifier == "" or el.identifier:match("^cell%-")) then
    return el.content
  end
  return known and el or nil
end

-- Word takes the description of a picture from its caption.
local function describe(image)
  local alt = image.attributes["alt"] or image.attributes["fig-alt"]
  if is_docx and alt then
    image.caption = { pandoc.Str(alt) }
  end
  return image
end

-- Word has no place for the banner in its template; it goes before the contents.
local function banner(meta)
  if is_docx and meta.banner then
    local text = pandoc.utils.stringify(meta.banner)
    local block = pandoc.Div({ pandoc.Para(pandoc.Inlines(text)) }, pandoc.Attr("", {}, { ["custom-style"] = "Banner" }))
    meta["include-before"] = pandoc.MetaBlocks({ block })
  end
  return meta
end

-- On the page the number of a caption is bold; typst and Word files get this from their own styles.
local function mark_number(plain)
  local label, taken = "", 0
  while plain.content[taken + 1] and plain.content[taken + 1].t == "Str" do
    taken = taken + 1
    label = label .. plain.content[taken].text
  end
  if not label:match("^%a+\u{a0}%d+:$") then
    return plain
  end
  local rest = pandoc.Inlines({ pandoc.Span({ pandoc.Str(label) }, pandoc.Attr("", { "float-number" })) })
  for i = taken + 1, #plain.content do
    rest:insert(plain.content[i])
  end
  return pandoc.Plain(rest)
end

local function mark_captions(blocks)
  for i = 2, #blocks do
    local opening = blocks[i - 1]
    if blocks[i].t == "Plain" and opening.t == "RawBlock" and opening.text:match("^<figcaption") then
      blocks[i] = mark_number(blocks[i])
    end
  end
  return blocks
end

-- A formula is read out as it was written; PDF/UA asks for words.
local function describe_formula(math)
  if not is_typst then
    return nil
  end
  local text = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ math }) }), "typst", { wrap_text = "none" }):gsub("%s+$", "")
  local words = math.text:gsub("[\\\"]", "\\%0")
  local alt = '#set math.equation(alt: "' .. words .. '") if sys.version >= version(0, 14)'
  return pandoc.RawInline("typst", "#[" .. alt .. ";" .. text .. "]")
end

local function first_word(inlines)
  local first = inlines[1]
  return first and (first.text or (first.content and first_word(first.content))) or ""
end

-- A paragraph in Urdu, Arabic or Hebrew begins at the right.
local function set_direction(para)
  if not is_rtl(first_word(para.content)) then
    return nil
  end
  if is_typst then
    local opening, closing = pandoc.RawBlock("typst", "#[#set text(dir: rtl)"), pandoc.RawBlock("typst", "]")
    return { opening, para, closing }
  end
  return pandoc.Div({ para }, pandoc.Attr("", {}, { dir = "rtl" }))
end

-- A paragraph that is one bold phrase is a heading in all but name: it stays with what follows.
local function set_paragraph(para)
  local turned = set_direction(para)
  if turned then
    return turned
  end
  if #para.content ~= 1 or para.content[1].t ~= "Strong" then
    return nil
  end
  if is_typst then
    return {
      pandoc.RawBlock("typst", "#block(sticky: true)["),
      pandoc.Plain(para.content),
      pandoc.RawBlock("typst", "]"),
    }
  elseif is_docx then
    return pandoc.Div({ para }, pandoc.Attr("", {}, { ["custom-style"] = "Minor Heading" }))
  end
end

-- In print the contents stand after the key findings, so that the answer is on the first page.
local function place_contents(doc)
  local here = is_typst and pandoc.RawBlock("typst", "#report-contents()")
    or pandoc.Div({ pandoc.Para({ pandoc.Str("\u{200b}") }) }, pandoc.Attr("", {}, { ["custom-style"] = "Contents Here" }))
  local place = 1
  for i, block in ipairs(doc.blocks) do
    if block.t == "Div" and block.classes:includes("key-findings") then
      place = i + 1
    end
  end
  doc.blocks:insert(place, here)
  return doc
end

return { { Pandoc = (is_typst or is_docx) and place_contents or nil, Para = set_paragraph, Blocks = FORMAT:match("html") and mark_captions or nil, Div = forget_notebook, Table = set_table, Image = describe, Math = describe_formula, Meta = banner } }
