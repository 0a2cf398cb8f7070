-- Callouts (::: {.callout-note title="..." collapse="true"}) the same way in Quarto and in braid's own renderer.
-- Quarto runs this before it would set them itself; without its scripts it would only make a quotation of them.

local KINDS = { note = true, tip = true, warning = true, caution = true, important = true }

local function kind_of(div)
  for _, class in ipairs(div.classes) do
    local kind = class:match("^callout%-(%a+)$")
    if kind and KINDS[kind] then
      return kind
    end
  end
end

-- The title: the attribute, or a heading that comes first (which then leaves the text), or the kind's name.
local function title_and_blocks(div, kind)
  local blocks = div.content
  if div.attributes["title"] then
    return pandoc.Inlines(div.attributes["title"]), blocks
  end
  if blocks[1] and blocks[1].t == "Header" then
    local title = blocks[1].content
    blocks:remove(1)
    return title, blocks
  end
  return pandoc.Inlines(kind:sub(1, 1):upper() .. kind:sub(2)), blocks
end

-- A callout that folds is a details element: no script is needed.
local function html(kind, title, blocks, collapse, identifier)
  local outer = collapse and "details" or "div"
  local inner = collapse and "summary" or "p"
  local id = identifier ~= "" and (' id="' .. identifier .. '"') or ""
  local open = collapse == "false" and " open" or ""
  local result = pandoc.Blocks({
    pandoc.RawBlock("html", "<" .. outer .. id .. ' class="callout callout-' .. kind .. '"' .. open .. ">"),
    pandoc.RawBlock("html", "<" .. inner .. ' class="callout-title">'),
    pandoc.Plain(title),
    pandoc.RawBlock("html", "</" .. inner .. ">"),
    pandoc.Div(blocks, pandoc.Attr("", { "callout-body" })),
    pandoc.RawBlock("html", "</" .. outer .. ">"),
  })
  return result
end

local function typst(kind, title, blocks, identifier)
  local result = pandoc.Blocks({
    pandoc.RawBlock("typst", '#report-callout("' .. kind .. '", ['),
    pandoc.Plain(title),
    pandoc.RawBlock("typst", "], ["),
  })
  result:extend(blocks)
  result:insert(pandoc.RawBlock("typst", "])" .. (identifier ~= "" and (" <" .. identifier .. ">") or "")))
  return result
end

-- A table of one cell, which keeps lists inside; braid gives it the table style named like that of its title.
local function docx(kind, title, blocks, identifier)
  local style = "Callout " .. kind:sub(1, 1):upper() .. kind:sub(2)
  local contents = pandoc.Blocks({
    pandoc.Div({ pandoc.Para(title) }, pandoc.Attr("", {}, { ["custom-style"] = style })),
  })
  contents:extend(blocks)
  local box = pandoc.Table(
    pandoc.Caption(),
    { { pandoc.AlignDefault, 1 } },
    pandoc.TableHead(),
    { { attr = pandoc.Attr(), body = { pandoc.Row({ pandoc.Cell(contents) }) }, head = {}, row_head_columns = 0 } },
    pandoc.TableFoot(),
    pandoc.Attr(identifier)
  )
  local after = pandoc.Div({ pandoc.Para({ pandoc.Str("\u{200b}") }) }, pandoc.Attr("", {}, { ["custom-style"] = "Table Note" }))
  return pandoc.Blocks({ box, after })
end

local function set_callout(div)
  local kind = kind_of(div)
  if not kind then
    return nil
  end
  local title, blocks = title_and_blocks(div, kind)
  if FORMAT:match("html") then
    return html(kind, title, blocks, div.attributes["collapse"], div.identifier)
  elseif FORMAT:match("typst") then
    return typst(kind, title, blocks, div.identifier)
  elseif FORMAT:match("docx") then
    return docx(kind, title, blocks, div.identifier)
  end
end

return { { Div = set_callout } }
